import Diagnostics
import Foundation
import IAMPolicy
import JSON
import Testing

@Suite struct ManagedPolicyTests {
    @Test("every shipped policy is valid", arguments: ManagedPolicies.shipped.all)
    func valid(_ policy: ManagedPolicy) throws {
        let reading = PolicyDocument.read(text: policy.text, as: .identity, sizeMax: .max)
        #expect(reading.diagnostics.filter { $0.severity == .error } == [])
        #expect(policy.document?.statements.isEmpty == false)
        #expect(policy.path.hasPrefix("/") && policy.path.hasSuffix("/"))
        #expect(policy.defaultVersionID.hasPrefix("v"))
        #expect(!policy.description.isEmpty)
    }

    @Test("policies are found by their ARNs, in every partition")
    func lookup() {
        let arn = "arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
        #expect(ManagedPolicies.shipped[arn]?.name == "AmazonAPIGatewayPushToCloudWatchLogs")
        #expect(ManagedPolicies.shipped[arn]?.arn == arn)
        #expect(ManagedPolicies.shipped["arn:aws-cn:iam::aws:policy/IAMFullAccess"]?.name == "IAMFullAccess")
        #expect(ManagedPolicies.shipped["arn:aws:iam::aws:policy/job-function/ViewOnlyAccess"] != nil)
        #expect(ManagedPolicies.shipped["arn:aws:iam::aws:policy/ViewOnlyAccess"] == nil)
        #expect(ManagedPolicies.shipped["ViewOnlyAccess"] == nil)
        #expect(ManagedPolicies.shipped.all.count == 32)
    }

    @Test("the whole sample is loaded as a folder", .enabled(if: CorpusPolicy.folder != nil, "no corpora"))
    func folder() throws {
        let folder = try #require(CorpusPolicy.folder)
        let index = try #require(FileManager.default.contents(atPath: folder + "/index.json"))
        let loaded = ManagedPolicies.load(index: Array(index)) { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map(Array.init)
        }
        #expect(loaded.diagnostics == [])
        #expect(loaded.policies.count == 250)
        let all = ManagedPolicies.shipped.adding(loaded.policies)
        #expect(all["arn:aws:iam::aws:policy/AIDevOpsAgentAccessPolicy"]?.defaultVersionID == "v11")
        #expect(all["arn:aws:iam::aws:policy/AdministratorAccess"] != nil)
    }

    @Test("an index that is none, and entries that are none, are said")
    func badIndex() {
        func codes(_ index: String, _ files: [String: String] = [:]) -> [String] {
            ManagedPolicies.load(index: Array(index.utf8)) { files[$0].map { Array($0.utf8) } }.diagnostics.map(\.code)
        }
        #expect(codes("{}") == ["policy.wrong-type"])
        #expect(codes("[") == ["json.syntax"])
        #expect(codes(#"[{"name": "a"}]"#) == ["policy.missing-element"])
        #expect(codes(#"[{"name": "a", "file": "a.json"}]"#) == ["policy.missing-element"])
        #expect(codes(#"[{"name": "a", "file": "a.json"}]"#, ["a.json": "{}"]) == ["policy.missing-element"])
    }
}
