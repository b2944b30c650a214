package import Resources
import SigV4

/// A client for each service of one target.
package struct ServiceClients: Sendable {
    package let apiGateway: APIGatewayClient
    package let iam: QueryClient
    package let sts: QueryClient
    /// Speaks as the API of API Gateway does: documents in JSON, at paths of their own.
    let lambda: APIGatewayClient
    /// Who keeps the code of functions; nil where none can be kept.
    package var code: (any CodeShelf)?
    /// Who reads the secrets that documents refer to; nil where none can be read.
    package var secrets: (any SecretSource)?

    /// Where each service answers.
    package struct Hosts: Sendable, Hashable {
        package var apiGateway: String
        package var iam: String
        package var sts: String
        package var lambda: String
        /// What calls of IAM are signed for: a region of its own on AWS, whichever the target is in.
        package var iamRegion: String

        /// An endpoint that serves every service: an engine, or one that speaks as AWS does.
        package init(one host: String, region: String) {
            apiGateway = host
            iam = host
            sts = host
            lambda = host
            iamRegion = region
        }

        /// AWS itself.
        package init(aws region: String) {
            let partition = AWSPartition(region: region)
            apiGateway = "apigateway.\(region).\(partition.suffix)"
            sts = "sts.\(region).\(partition.suffix)"
            lambda = "lambda.\(region).\(partition.suffix)"
            iam = partition.iamHost
            iamRegion = partition.iamRegion
        }
    }

    /// - Parameters:
    ///   - transport: Takes requests to all hosts.
    ///   - isPartial: An endpoint that is neither AWS nor an engine.
    ///   - now: Seconds since 1970.
    package init(
        transport: any Transport, credentials: any CredentialsSource, region: String, hosts: Hosts,
        isPartial: Bool = false, pacer: RetryPacer = RetryPacer(), now: @escaping @Sendable () -> Int
    ) {
        func connection(_ service: String, _ region: String, _ host: String) -> SignedConnection {
            SignedConnection(
                transport: transport, credentials: credentials, scope: SigningScope(service: service, region: region),
                host: host, pacer: pacer, now: now)
        }
        apiGateway = APIGatewayClient(connection("apigateway", region, hosts.apiGateway), isPartial: isPartial)
        iam = QueryClient(.iam, connection("iam", hosts.iamRegion, hosts.iam))
        sts = QueryClient(.sts, connection("sts", region, hosts.sts))
        lambda = APIGatewayClient(connection("lambda", region, hosts.lambda), isPartial: isPartial)
    }

    private init(apiGateway: APIGatewayClient, iam: QueryClient, sts: QueryClient, lambda: APIGatewayClient) {
        self.lambda = lambda
        self.apiGateway = apiGateway
        self.iam = iam
        self.sts = sts
    }

    /// The account whose keys sign.
    ///
    /// - Throws: `provider.missing-operation` where the target has no token service.
    package func accountID() async throws(ProviderFailure) -> String? {
        try await sts.callRepeatedly("GetCallerIdentity").text("Account")
    }

    /// The same clients, their calls counted.
    func counting(with counter: CallCounter) -> ServiceClients {
        var clients = ServiceClients(
            apiGateway: apiGateway.counting(with: counter), iam: iam.counting(with: counter),
            sts: sts.counting(with: counter), lambda: lambda.counting(with: counter))
        clients.code = code
        clients.secrets = secrets
        return clients
    }
}
