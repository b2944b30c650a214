package import JSON

/// How a definition is written out.
package struct ExportOptions: Sendable, Hashable {
    /// The version of OpenAPI, by the name that GetExport has for it.
    package enum Format: String, Sendable, Hashable, CaseIterable {
        case openAPI30 = "oas30"
        case swagger20 = "swagger"
    }

    /// What is written beside plain OpenAPI.
    package enum Extension: String, Sendable, Hashable, CaseIterable {
        /// Everything: what is written is read as an equal definition.
        case apigateway
        case integrations, authorizers, documentation
    }

    /// Where the API is served.
    package struct Server: Sendable, Hashable {
        package var host: String
        package var stage: String

        package init(host: String, stage: String) {
            self.host = host
            self.stage = stage
        }
    }

    package var format: Format
    package var extensions: Set<Extension>
    /// Nil: the document says nothing of it.
    package var server: Server?
    /// When the parts of the documentation were kept as a version; written beside its name.
    package var documentationCreated: JSONValue?

    package init(
        format: Format = .openAPI30, extensions: Set<Extension> = [.apigateway], server: Server? = nil,
        documentationCreated: JSONValue? = nil
    ) {
        self.format = format
        self.extensions = extensions
        self.server = server
        self.documentationCreated = documentationCreated
    }

    func has(_ name: Extension) -> Bool { extensions.contains(name) || extensions.contains(.apigateway) }
}
