import JSON
import MappingTemplates
import Testing

/// What was seen at the service, fact by fact.
struct ServiceFactTests {
    private static let body =
        #"{"foo": "bar", "map": {"foo": [{"nested": "bar"}], "n": null}, "list": [{"foo": "bar"}, 1.50], "empty": [], "null": null}"#

    @Test(
        "values print as the service prints them",
        arguments: [
            ("$input.path('$.map')", "{foo=[{\"nested\":\"bar\"}], n=null}"),
            ("$input.path('$.list')", "[{\"foo\":\"bar\"},1.50]"),
            ("$input.path('$.list').toString()", "[{\"foo\":\"bar\"},1.50]"),
            ("$input.path('$.map').foo[0].nested", "bar"),
            ("${input.path('$').list[0].foo}-$input.path('$').list[1]", "bar-1.50"),
            ("#set($r = $input.path('$.missing'))[$r][$r.nested]", "[][]"),
            ("#set($r = $input.path('$.null'))[$r][$r.nested]", "[][]"),
            ("#set($r = $input.path('$.null'))#if($r == $null)a#end#if($r == \"\")b#end", "ab"),
            ("#set($r = $input.path('$.missing'))#if($r == $null)a#end#if($r == \"\")b#end", "ab"),
            ("#set($r = $input.path('$.empty'))$r#if($r == $null)a#end#if($r == \"\")b#end$r.nested", "[]b"),
            ("$input.json('$.map')", "{\"foo\":[{\"nested\":\"bar\"}],\"n\":null}"),
            ("$input.json('$.missing')", "\"\""),
            ("$input.json('$.foo')", "\"bar\""),
            ("$stageVariables.missing|$context.missing.deeper|$!nothing|${nothing}", "|||"),
            ("#foreach($e in $input.path('$.list'))$foreach.count/$foreach.hasNext #end", "1/true 2/false "),
            ("$context.requestOverride.querystring.put('k', 'v')$context[\"requestOverride\"].querystring[\"k\"]", "v"),
            ("#set($context.requestOverride.querystring[$x] = \"y\")$context.requestOverride.querystring['']", "y"),
            ("$util.escapeJavaScript(\"it's \"\"x\"\" \\ \n é\")", "it\\'s \\\"x\\\" \\\\ \\n \\u00E9"),
            ("$util.urlEncode('a b&c=é/*')$util.urlDecode('a+b%26c')", "a+b%26c%3D%C3%A9%2F*a b&c"),
            ("$util.base64Encode('Gateway é')|$util.base64Decode('R2F0ZXdheSDDqQ==')", "R2F0ZXdheSDDqQ==|Gateway é"),
            ("$util.parseJson('{\"a\": {\"b\": [1, 2.50]}}').a.b[1]", "2.50"),
            ("#set($s = $util.parseJson('\"x\"'))$s", "x"),
        ])
    func prints(_ template: String, _ expected: String) throws {
        #expect(try render(template, body: Self.body) == expected)
    }

    @Test("a request without a body has the body {}")
    func noBody() throws {
        #expect(try render("$input.body|$input.path('$')|$input.json('$')|$input.json('$.a')") == "{}|{}|{}|\"\"")
    }

    @Test("a body that is not JSON fails only where a part of it is asked for")
    func bodyNotJSON() throws {
        #expect(try render("$input.body", body: "plain") == "plain")
        for template in ["$input.path('$')", "$input.json('$')", "$util.parseJson($input.body)"] {
            #expect(failure(template, body: "plain")?.code == .bodyNotJSON)
        }
        #expect(failure("\n  $input.path('$.a')", body: "{")?.line == 2)
        #expect(failure("\n  $input.path('$.a')", body: "{")?.column == 3)
    }

    @Test("parameters are looked up in path, query and header, headers in any case")
    func params() throws {
        let input = TemplateInput(
            body: nil, pathParameters: [("id", "1%2F2")], queryParameters: [("q", "a"), ("q", "b"), ("id", "no")],
            headers: [("X-Day", "Thursday"), ("q", "no")], stageVariables: ["b": "2", "a": "1"],
            context: ["stage": "test", "authorizer": ["claims": ["sub": "me"]]])
        let template = """
            $input.params('id') $input.params('q') $input.params('x-day') [$input.params('none')] \
            $input.params().header.X-Day $input.params().querystring.get('q') $input.params().path["id"] \
            $stageVariables.a$stageVariables['b'] $stageVariables.keySet() ${context.stage} $context.authorizer.claims.sub
            """
        let output = try MappingTemplate(parsing: template).render(input)
        #expect(output.text == "1%2F2 b Thursday [] Thursday b 1%2F2 12 [a, b] test me")
        #expect(output.context == input.context)
    }

    @Test("overrides come back in the context, and empty ones do not")
    func overrides() throws {
        let template = """
            #set($context.responseOverride.status = 444)#set($context.responseOverride.header.foo = "bar")
            #set($context.responseOverride.custom = ["a", 1.5])#if($context.requestOverride.header.x == "")#end
            $context.requestOverride.path.put("p", $input.path('$'))
            """
        let output = try MappingTemplate(parsing: template).render(
            TemplateInput(
                body: #"{"n": 1e2}"#, context: ["stage": "test", "requestOverride": ["header": ["old": "kept"]]]))
        let expected: JSONObject = [
            "stage": "test", "requestOverride": ["header": ["old": "kept"], "path": ["p": ["n": 100]]],
            "responseOverride": ["status": 444, "header": ["foo": "bar"], "custom": ["a", .number(JSONNumber(1.5))]],
        ]
        #expect(output.context == expected)
        let idle = try MappingTemplate(parsing: "$context.requestOverride.header.x$context.responseOverride")
            .render(TemplateInput(body: nil, context: ["stage": "test"]))
        #expect(idle.context == ["stage": "test"])
    }

    @Test("the pass-through template of the console gives JSON")
    func passthrough() throws {
        let template = """
            #set($allParams = $input.params())
            {
            "body-json" : $input.json('$'),
            "params" : {
            #foreach($type in $allParams.keySet())
                #set($params = $allParams.get($type))
            "$type" : {
                #foreach($paramName in $params.keySet())
                "$paramName" : "$util.escapeJavaScript($params.get($paramName))"
                    #if($foreach.hasNext),#end
                #end
            }
                #if($foreach.hasNext),#end
            #end
            },
            "stage-variables" : {
            #foreach($key in $stageVariables.keySet())
            "$key" : "$util.escapeJavaScript($stageVariables.get($key))"
                #if($foreach.hasNext),#end
            #end
            },
            "context" : { "account-id" : "$context.identity.accountId", "stage" : "$context.stage" }
            }
            """
        let output = try MappingTemplate(parsing: template).render(
            TemplateInput(
                body: #"{"a": [1, 2]}"#, pathParameters: [("id", "7")], queryParameters: [("q", "x\"y")],
                headers: [("Accept", "*/*"), ("Host", "h")], stageVariables: ["v": "1"], context: ["stage": "test"]))
        let expected: JSONValue = [
            "body-json": ["a": [1, 2]],
            "params": ["path": ["id": "7"], "querystring": ["q": "x\"y"], "header": ["Accept": "*/*", "Host": "h"]],
            "stage-variables": ["v": "1"], "context": ["account-id": "", "stage": "test"],
        ]
        #expect(try JSONValue(parsing: output.text) == expected)
    }

    @Test("the pet store's templates keep the numbers as they were written")
    func petStore() throws {
        let pets = #"[{"id": 1, "type": "dog", "price": 249.99}, {"id": 2, "type": "cat", "price": 124.99}]"#
        let template = """
            #set($inputRoot = $input.path('$'))
            [
            #foreach($elem in $inputRoot)
              {"description": "Item $elem.id is a $elem.type.", "askingPrice": $elem.price}#if($foreach.hasNext),#end

            #end
            ]
            """
        let text = try render(template, body: pets)
        #expect(text.contains("\"askingPrice\": 249.99},") && text.contains("Item 2 is a cat."))
        #expect(try JSONValue(parsing: text).array?.count == 2)
    }
}
