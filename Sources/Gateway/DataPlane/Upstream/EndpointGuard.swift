import NIOCore
import NIOPosix
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Decides which addresses may be connected to. It sees resolved addresses, so that no name can lead around it.
final class EndpointGuard: Sendable {
    private let rules: EndpointRules
    private let ownAddresses: Set<[UInt8]>
    /// The port of the data listener; 0 until it is known.
    private let dataPort = Atomic<Int>(0)

    /// - Parameter ownAddresses: Of this machine's interfaces; loopback and wildcard are always among them.
    init(_ rules: EndpointRules, ownAddresses: [SocketAddress] = []) {
        self.rules = rules
        self.ownAddresses = Set(ownAddresses.compactMap(Self.bytes))
    }

    func setDataPort(_ port: Int) { dataPort.store(port, ordering: .relaxed) }

    func allows(_ address: SocketAddress) -> Bool {
        guard let bytes = Self.bytes(address), let port = address.port else { return false }
        if !rules.allowsLinkLocal, Self.isLinkLocal(bytes) { return false }
        let isOwnPort = rules.ownPorts.contains(port) || (port == dataPort.load(ordering: .relaxed) && port != 0)
        return rules.allowsOwnListeners || !isOwnPort || !isOwn(bytes)
    }

    private static func isLinkLocal(_ bytes: [UInt8]) -> Bool {
        bytes.count == 4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
    }

    private func isOwn(_ bytes: [UInt8]) -> Bool {
        let isLoopback =
            bytes.count == 4
            ? bytes[0] == 127 || bytes[0] == 0 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] < 2
        return isLoopback || ownAddresses.contains(bytes)
    }

    /// 4 or 16 bytes; an IPv4 address in IPv6 dress is taken for what it is.
    private static func bytes(_ address: SocketAddress) -> [UInt8]? {
        switch address {
        // `sin_addr` is at byte 4 of sockaddr_in, `sin6_addr` at byte 8 of sockaddr_in6.
        case .v4(let v4): return withUnsafeBytes(of: v4.address) { Array($0[4..<8]) }
        case .v6(let v6):
            let bytes = withUnsafeBytes(of: v6.address) { Array($0[8..<24]) }
            let isMapped = bytes[0..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            return isMapped ? Array(bytes[12...]) : bytes
        case .unixDomainSocket: return nil
        }
    }
}

/// Turns a name into addresses, away from the event loops.
enum EndpointResolver {
    struct Unknown: Error {}

    /// - Returns: At once where the address is written out.
    static func addresses(of place: EndpointPlace, for eventLoop: any EventLoop) -> EventLoopFuture<[SocketAddress]> {
        if let literal = literal(host: place.host, port: place.port) {
            return eventLoop.makeSucceededFuture([literal])
        }
        return NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try addresses(host: place.host, port: place.port)
        }
    }

    /// Blocks until the name is resolved.
    static func addresses(host: String, port: Int) throws(Unknown) -> [SocketAddress] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_TCP)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0 else { throw Unknown() }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next, addresses.count < Limits.addressesPerNameMax {
            next = entry.pointee.ai_next
            guard let address = entry.pointee.ai_addr else { continue }
            switch entry.pointee.ai_family {
            case AF_INET:
                address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    addresses.append(SocketAddress($0.pointee))
                }
            case AF_INET6:
                address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                    addresses.append(SocketAddress($0.pointee))
                }
            default: continue
            }
        }
        return addresses
    }

    /// An address written out needs no resolving.
    static func literal(host: String, port: Int) -> SocketAddress? {
        guard let first = host.utf8.first, (first >= 0x30 && first <= 0x39) || host.utf8.contains(0x3A) else {
            return nil
        }
        do {
            return try SocketAddress(ipAddress: host, port: port)
        } catch {
            return nil
        }
    }
}
