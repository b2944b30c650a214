/// A managed policy of AWS: read-only for everybody, the same in every account.
package struct ManagedPolicy: Sendable, Hashable {
    package let name: String
    /// Begins and ends with a slash.
    package let path: String
    /// `v1`
    package let defaultVersionID: String
    /// ISO 8601
    package let createDate: String
    /// ISO 8601
    package let updateDate: String
    /// Of ours, in a sentence; may be empty for one that was loaded.
    package let description: String
    /// The document of the default version, compact JSON; valid as an identity policy but for its size.
    package let text: String

    package init(
        name: String, path: String, defaultVersionID: String, createDate: String, updateDate: String,
        description: String, text: String
    ) {
        self.name = name
        self.path = path
        self.defaultVersionID = defaultVersionID
        self.createDate = createDate
        self.updateDate = updateDate
        self.description = description
        self.text = text
    }

    /// `arn:aws:iam::aws:policy/service-role/AWSLambdaRole`
    package var arn: String { arn(partition: "aws") }

    package func arn(partition: String) -> String { "arn:\(partition):iam::aws:policy\(path)\(name)" }

    /// The document; nil if it is not valid, which no shipped one is. Parses the text each time.
    package var document: PolicyDocument? { PolicyDocument.read(text: text, as: .identity, sizeMax: .max).document }
}
