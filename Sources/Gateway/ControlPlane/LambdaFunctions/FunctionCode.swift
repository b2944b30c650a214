import Blocking
import Bytes
import Crypto
import Functions
import JSON

/// Code that a request brought, kept.
struct FunctionCode: Sendable {
    /// Of ``CodeStore``.
    var hash: String
    /// Of the archive, in Base64: `CodeSha256`.
    var sha256: String
    /// Bytes of the archive.
    var size: Int
}

/// Unpacks archives on a thread of its own: a large one takes a second or two.
actor FunctionCodeKeeper {
    private let store: CodeStore
    private let blocking = BlockingExecutor(label: "functions-code")

    nonisolated var unownedExecutor: UnownedSerialExecutor { blocking.asUnownedSerialExecutor() }

    init(_ store: CodeStore) { self.store = store }

    /// - Parameter members: `Code` of CreateFunction, or the input of UpdateFunctionCode.
    func keep(_ members: JSONObject) throws(ServiceError) -> FunctionCode {
        guard let text = members.string("ZipFile") else {
            for member in ["S3Bucket", "S3Key", "ImageUri"] where members[member] != nil {
                throw .invalidParameter("\(member) is not offered by this engine: send the archive as ZipFile")
            }
            throw .invalidParameter("Please provide a source for function code.")
        }
        guard let bytes = Base64.decoded(text) else {
            throw .serialization("ZipFile is not Base64")
        }
        do {
            let folder = try store.keep(zip: bytes)
            return FunctionCode(
                hash: folder.hash, sha256: Base64.text(of: Array(SHA256.hash(data: bytes))), size: bytes.count)
        } catch {
            throw Self.refusal(error)
        }
    }

    private static func refusal(_ failure: FunctionsFailure) -> ServiceError {
        switch failure.code {
        case .archiveTooLarge: .invalidParameter("The code is too large: \(failure.message)")
        case .archiveInvalid:
            .invalidParameter(
                "Could not unzip uploaded file. Please check your file, then try to upload again: \(failure.message)")
        default: .internalFailure
        }
    }

    /// Removes what no function has.
    func removeAll(but hashes: Set<String>) { store.removeAll(but: hashes) }
}
