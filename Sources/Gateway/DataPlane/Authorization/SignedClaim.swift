import HTTPTypes
import SigV4

/// What a request says about its signer, who has that key, and the request as it was signed: proved once the body is
/// there. A class, so that an exchange carries one pointer.
final class SignedClaim: Sendable {
    let signed: SignedRequest
    let request: HTTPRequest
    let caller: KnownCaller

    init(signed: SignedRequest, request: HTTPRequest, caller: KnownCaller) {
        self.signed = signed
        self.request = request
        self.caller = caller
    }
}

extension ExchangeRequest {
    /// As its sender signed it; nil for a method that is no token.
    var signable: HTTPRequest? {
        guard let method = HTTPRequest.Method(rawValue: method) else { return nil }
        var target = Array(path)
        if !query.isEmpty {
            target.append(UInt8(ascii: "?"))
            target += query
        }
        var fields = HTTPFields()
        fields.reserveCapacity(headers.count)
        for field in headers.fields where field.known != .host {
            guard let name = HTTPField.Name(headers.name(of: field)) else { return nil }
            fields.append(HTTPField(name: name, value: headers.value(of: field)))
        }
        return HTTPRequest(
            method: method, scheme: nil, authority: String(decoding: authority, as: UTF8.self),
            path: String(decoding: target, as: UTF8.self), headerFields: fields)
    }
}
