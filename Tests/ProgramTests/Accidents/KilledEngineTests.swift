import Glibc
import Testing

extension Acceptance {
    /// The engine's IAM through kill -9.
    @Suite(.enabled(if: Program.isInstalled("python3"), "python3 is not installed"))
    struct KilledEngineTests {
        private static let root = ["--root-access-key", "AKIAROOTROOTROOTROOT", "--root-secret-key", "secret"]

        @Test("after kill -9 every user that was acknowledged is there, and a user's key still signs")
        func users() async throws {
            let repository = try await Repository.hello()
            let workspace = repository.workspace
            let probe = try Program("python3", ["-c", "import boto3"], workspace)
            guard try await probe.end().status == 0 else { return }
            let first = try await engine(repository)
            let writer = try Program(
                "python3", ["-u", "-c", Self.create, "http://\(try first.address("management"))"], workspace)
            try await first.eventually("twenty users to be made") {
                let made = writer.output.out.split(separator: "\n").count
                return (made > 20, "\(writer.output)")
            }
            first.program.signal(SIGKILL)
            try await first.program.end()
            let written = try await writer.end()
            let lines = written.out.split(separator: "\n").map(String.init)
            let key = try #require(lines.first, "\(written)")
            let second = try await engine(repository)
            let reader = try Program(
                "python3", ["-c", Self.read, "http://\(try second.address("management"))", key], workspace)
            let read = try await reader.end()
            #expect(read.status == 0, "\(read)")
            let kept = Set(read.out.split(separator: "\n").map(String.init))
            #expect(kept.isSuperset(of: lines.dropFirst()), "\(Set(lines.dropFirst()).subtracting(kept))")
            // The one that was under way when the engine died may be there too.
            #expect(kept.count <= lines.count, "\(kept.count) of \(lines.count)")
        }

        private func engine(_ repository: Repository) async throws -> Server {
            try await Server.engine(repository, Self.root[0], Self.root[1], Self.root[2], Self.root[3])
        }

        /// Prints the key of the first user, then each name once it is acknowledged.
        private static let create = """
            import boto3, sys
            from botocore.config import Config
            iam = boto3.client("iam", endpoint_url=sys.argv[1], region_name="us-east-1",
                aws_access_key_id="AKIAROOTROOTROOTROOT", aws_secret_access_key="secret",
                config=Config(retries={"total_max_attempts": 1}))
            iam.create_user(UserName="first")
            key = iam.create_access_key(UserName="first")["AccessKey"]
            print(key["AccessKeyId"] + ":" + key["SecretAccessKey"])
            print("first")
            number = 0
            while True:
                name = "user%d" % number
                try: iam.create_user(UserName=name)
                except Exception: break
                print(name)
                number += 1
            """

        private static let read = """
            import boto3, sys
            def client(service, key, secret):
                return boto3.client(service, endpoint_url=sys.argv[1], region_name="us-east-1",
                    aws_access_key_id=key, aws_secret_access_key=secret)
            key, secret = sys.argv[2].split(":", 1)
            arn = client("sts", key, secret).get_caller_identity()["Arn"]
            assert arn == "arn:aws:iam::123456789012:user/first", arn
            iam = client("iam", "AKIAROOTROOTROOTROOT", "secret")
            for page in iam.get_paginator("list_users").paginate():
                for user in page["Users"]: print(user["UserName"])
            """
    }
}
