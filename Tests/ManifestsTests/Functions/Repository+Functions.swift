extension Repository {
    /// A manifest of the function `hello`.
    ///
    /// - Parameter spec: More lines of its `spec`, two blanks in front of each; its `code` among them.
    static func functionManifest(_ spec: String) -> String {
        """
        apiVersion: gatewright/v1
        kind: Function
        metadata: { name: hello }
        spec:
          runtime: python3.13
          handler: app.handler
          role: arn:aws:iam::123456789012:role/hello
        \(spec)
        """
    }

    /// The function, and an API `front` that calls it where a `uri` is given.
    ///
    /// - Parameter credentials: More members of the API's integration, a comma in front.
    static func function(
        _ spec: String, files: [String: String] = ["apis/hello/app.py": "1"], calledAs uri: String? = nil,
        _ credentials: String = ""
    ) -> Repository {
        var files = files
        files["gatewright.yaml"] = environment
        files["apis/hello.yaml"] = functionManifest(spec)
        files["apis/front.yaml"] = uri.map { uri in
            """
            apiVersion: gatewright/v1
            kind: RestApi
            metadata: { name: front }
            spec:
              definition:
                inline:
                  openapi: 3.0.1
                  info: { title: front, version: "1" }
                  paths:
                    /:
                      get:
                        responses: { "200": { description: ok } }
                        x-amazon-apigateway-integration:
                          { type: aws_proxy, httpMethod: POST, uri: "\(uri)"\(credentials) }
              stages: { test: {} }
            """
        }
        return Repository(files)
    }
}
