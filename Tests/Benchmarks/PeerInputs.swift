import Foundation
import JSON

/// What `make bench` gives to this program and to its peers alike, as one JSON file that both read.
enum PeerInputs {
    /// One template with the request that it is rendered for.
    struct Rendering {
        var name: String
        var template: String
        var body: String
        var parameters: [(name: String, value: String)] = []
        /// Nil where the peer's answer is compared with ours.
        var expected: String?

        var json: JSONValue {
            var object: JSONObject = [
                "name": .string(name), "template": .string(template), "body": .string(body),
                "parameters": .object(JSONObject(parameters.map { ($0.name, .string($0.value)) })),
            ]
            object["expected"] = expected.map(JSONValue.string)
            return .object(object)
        }

        init(name: String, template: String, body: String, parameters: [(name: String, value: String)] = []) {
            self.name = name
            self.template = template
            self.body = body
            self.parameters = parameters
        }

        init?(_ json: JSONValue) {
            guard let template = json["responseTemplate"]?.string ?? json["template"]?.string,
                let name = json["name"]?.string ?? json["id"]?.string,
                let body = json["body"]?.string ?? json["requestBody"]?.string
            else { return nil }
            self.init(name: name, template: template, body: body)
            expected = json["expected"]?.string
            parameters = (json["parameters"]?.object ?? [:]).map { ($0.name, $0.value.string ?? "") }
        }
    }

    /// One body with the model that it is held against.
    struct Checking {
        var name: String
        var schema: String
        var body: String

        var json: JSONValue {
            ["name": .string(name), "schema": .string(schema), "body": .string(body)]
        }
    }

    /// Prints them, the recorded templates among them where the folder of the corpora is named.
    static func write(corpora: String) throws {
        var recorded: [Rendering] = []
        if !corpora.isEmpty {
            let cases = try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: corpora + "/vtl/cases.json"))))
            recorded = (cases.array ?? []).compactMap(Rendering.init).filter { $0.expected != nil }
        }
        let inputs: JSONValue = [
            "walkthroughs": .array(walkthroughs.map(\.json)), "recorded": .array(recorded.map(\.json)),
            "bodies": .array(checkings.map(\.json)),
        ]
        print(inputs.text(.compact))
    }

    // MARK: Templates

    static let pets =
        #"[{"id":1,"type":"dog","price":249.99},{"id":2,"type":"cat","price":124.99},"#
        + #"{"id":3,"type":"fish","price":0.99}]"#

    static let walkthroughs = [
        Rendering(
            name: "2b, request to the function",
            template: """
                #set($inputRoot = $input.path('$'))
                { "city": "$input.params('city')", "time": "$input.params('time')", "day": "$input.params('day')", \
                "name": "$inputRoot.callerName" }
                """,
            body: #"{"callerName":"John"}"#,
            parameters: [("city", "Seattle"), ("time", "evening"), ("day", "Thursday")]),
        Rendering(
            name: "3d, noflatten",
            template: each(#"{"number": $elem.id, "class": "$elem.type", "salesPrice": $elem.price}"#), body: pets),
        Rendering(
            name: "3d, flattensome",
            template: each(
                #"{"description": "Item $elem.id is a ${elem.type}.", "askingPrice": $elem.price}"#), body: pets),
        Rendering(
            name: "3d, flattenall",
            template: each(#""Item number $elem.id is a ${elem.type}. The asking price is ${elem.price}.""#),
            body: pets),
    ]

    private static func each(_ element: String) -> String {
        """
        #set($inputRoot = $input.path('$'))
        [
        #foreach($elem in $inputRoot)
          \(element)#if($foreach.hasNext),#end

        #end
        ]
        """
    }

    // MARK: Models

    static let checkings = [
        Checking(name: "NewPet of the pet store", schema: newPet, body: #"{"type":"dog","price":249.99}"#),
        Checking(name: "an order of 100 lines", schema: order, body: orderBody),
    ]

    private static let newPet = #"""
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "required": ["type", "price"],
         "definitions": {"PetType": {"type": "string", "enum": ["dog", "cat", "fish", "bird", "gecko"]}},
         "properties": {"type": {"$ref": "#/definitions/PetType"}, "price": {"type": "number", "minimum": 0}}}
        """#

    private static let order = #"""
        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "additionalProperties": false,
         "required": ["number", "customer", "lines", "payment"],
         "definitions": {
           "text": {"type": "string", "minLength": 1, "maxLength": 80},
           "address": {"type": "object", "required": ["street", "city", "country"], "properties": {
             "street": {"$ref": "#/definitions/text"}, "city": {"$ref": "#/definitions/text"},
             "country": {"type": "string", "pattern": "^[A-Z]{2}$"}}},
           "line": {"type": "object", "required": ["sku", "count", "price"], "additionalProperties": false,
             "properties": {
               "sku": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}, "title": {"$ref": "#/definitions/text"},
               "count": {"type": "integer", "minimum": 1, "maximum": 999}, "price": {"type": "number", "minimum": 0},
               "unit": {"enum": ["piece", "metre", "litre", "kilogram"]},
               "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 10, "uniqueItems": true}}},
           "card": {"type": "object", "required": ["card"], "properties": {"card": {"type": "string"}}},
           "invoice": {"type": "object", "required": ["dueDays"], "properties": {"dueDays": {"type": "integer"}}}},
         "properties": {
           "number": {"type": "string", "pattern": "^[0-9]+$"},
           "customer": {"type": "object", "required": ["name", "billing"], "properties": {
             "name": {"$ref": "#/definitions/text"}, "billing": {"$ref": "#/definitions/address"},
             "delivery": {"anyOf": [{"type": "null"}, {"$ref": "#/definitions/address"}]}}},
           "lines": {"type": "array", "minItems": 1, "maxItems": 500, "items": {"$ref": "#/definitions/line"}},
           "payment": {"oneOf": [{"$ref": "#/definitions/card"}, {"$ref": "#/definitions/invoice"}]}}}
        """#

    private static let orderBody: String = {
        let lines = (0..<100).map { number in
            #"{"sku":"ABC-\#(1000 + number)","title":"Thing number \#(number)","count":\#(number % 9 + 1),"#
                + #""price":\#(number).99,"unit":"piece","tags":["new","red","tag\#(number)"]}"#
        }
        return #"{"number":"20240001","customer":{"name":"Ann Example","billing":{"street":"Main Street 1","#
            + #""city":"Seattle","country":"US"},"delivery":null},"lines":[\#(lines.joined(separator: ","))],"#
            + #""payment":{"dueDays":30}}"#
    }()
}
