/// The service and the region that a signature is good for: `apigateway` in `us-east-1`.
package struct SigningScope: Sendable, Hashable {
    package var service: String
    package var region: String

    package init(service: String, region: String) {
        self.service = service
        self.region = region
    }

    /// S3 alone signs the path as it stands, encoded once and not normalized.
    package var pathForm: PathForm { service == "s3" ? .verbatim : .normalized }
}

/// How the path of a request gets into the canonical request.
package enum PathForm: Sendable, Hashable {
    /// Dot segments and empty segments are taken out, then each segment is percent-encoded once more.
    case normalized
    /// As it stands; only bytes that a URL may not hold are encoded.
    case verbatim
}
