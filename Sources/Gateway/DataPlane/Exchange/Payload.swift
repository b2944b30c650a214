import Bytes

/// A body after `contentHandling`: what the service calls text or binary.
struct Payload {
    var bytes: [UInt8]
    /// False: templates cannot take it.
    var isText: Bool

    /// The request's side: recorded for each pair of type and handling.
    init(
        _ body: [UInt8], contentType: String?, types: MediaTypes, handling: CompiledIntegration.ContentHandling?
    ) throws(GatewayError) {
        switch (types.isBinary(contentType), handling) {
        case (false, nil), (false, .toText): (bytes, isText) = (UTF8Repair.repaired(body), true)
        case (true, nil), (true, .toBinary): (bytes, isText) = (body, body.isEmpty)
        case (true, .toText): (bytes, isText) = (Base64.encoded(body), true)
        case (false, .toBinary): (bytes, isText) = (try Self.decoded(body), body.isEmpty)
        }
    }

    /// The response's side. The type is the endpoint's; what the client accepts does not matter.
    init(
        answer body: [UInt8], contentType: String?, types: MediaTypes, handling: CompiledIntegration.ContentHandling?
    ) throws(GatewayError) {
        switch (types.isBinary(contentType), handling) {
        case (_, nil), (false, .toText): (bytes, isText) = (body, true)
        case (true, .toBinary): (bytes, isText) = (body, body.isEmpty)
        case (true, .toText): (bytes, isText) = (Base64.encoded(body), true)
        case (false, .toBinary): (bytes, isText) = (try Self.decoded(body), body.isEmpty)
        }
    }

    private static func decoded(_ body: [UInt8]) throws(GatewayError) -> [UInt8] {
        guard let bytes = Base64.decoded(body, .unpadded) else { throw .configuration("the body is not base64") }
        return bytes
    }
}
