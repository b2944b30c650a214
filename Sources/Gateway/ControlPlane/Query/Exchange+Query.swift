import JSON

extension Exchange {
    func queryResponse(_ operation: QueryOperation, _ result: JSONObject?) -> Answer {
        var writer = XMLWriter()
        writer.open("\(operation.name)Response xmlns=\"\(operation.service.namespace)\"")
        if let result { writer.element("\(operation.name)Result", .object(result)) }
        writer.element("ResponseMetadata", ["RequestId": .string(requestID)])
        writer.close("\(operation.name)Response")
        return answer(200, contentType: "text/xml", body: Array(writer.text.utf8))
    }

    func queryResponse(_ error: ServiceError, _ service: QueryService) -> Answer {
        var writer = XMLWriter()
        writer.open("ErrorResponse xmlns=\"\(service.namespace)\"")
        writer.element(
            "Error",
            [
                "Type": error.status < 500 ? "Sender" : "Receiver", "Code": .string(error.queryCode ?? error.type),
                "Message": .string(error.message),
            ])
        writer.element("RequestId", .string(requestID))
        writer.close("ErrorResponse")
        return answer(error.status, contentType: "text/xml", body: Array(writer.text.utf8))
    }
}
