/// How requests are traced: decided by whoever made the server, so that the data plane knows no tracer.
package struct RequestTracing: Sendable {
    /// A request that is traced, once its answer is complete.
    package struct Traced: Sendable {
        /// What ``RequestTracing/begin`` gave.
        package var token: String
        /// The client's `traceparent`, if it sent one.
        package var parent: String?
        package var method: String
        package var path: String
        package var apiID: String
        package var stageName: String
        package var status: Int
        /// Milliseconds since 1970.
        package var startMilliseconds: Int64
        package var nanoseconds: Int64
    }

    /// Asked for each request, with its `traceparent`; gives the one that is passed on to the endpoint, or nil for a
    /// request that is not traced, whose header passes as it is.
    package var begin: @Sendable (_ parent: String?) -> String?
    package var end: @Sendable (Traced) -> Void

    package init(
        begin: @escaping @Sendable (_ parent: String?) -> String?, end: @escaping @Sendable (Traced) -> Void
    ) {
        self.begin = begin
        self.end = end
    }
}
