import Resources
import Testing

@testable import AWSProvider

@Suite struct MarkerTests {
    static let context = StepContext(environment: "dev", token: "ab12", identities: [:], commit: "c0ffee")

    @Test("a deployment is known again from its description alone")
    func roundTrip() throws {
        let text = OwnershipMarker(Self.context, Address(.deployment, "shop")).description(fingerprint: "f1")
        let marker = try #require(SnapshotMarker(description: "Release 7 " + text))
        #expect(marker.fingerprint == "f1")
        #expect(marker.token == "ab12")
    }

    @Test(
        "what a manifest says stands before the marker, whatever it is",
        arguments: ["Release 7", "", " two  spaces ", "[gatewright fingerprint=x token=y]", "[gatewright "])
    func text(_ text: String) throws {
        let marker = OwnershipMarker(Self.context, Address(.deployment, "shop"))
        let read = try #require(SnapshotMarker(description: marker.description(text, fingerprint: "f1")))
        #expect(read.text == text)
        #expect(read.fingerprint == "f1" && read.token == "ab12")
        #expect(read.written == marker.description(fingerprint: "f1"))
        #expect(SnapshotMarker.description("other", read.written) == marker.description("other", fingerprint: "f1"))
    }

    @Test("a description of someone else is not ours", arguments: [nil, "", "[gatewright ", "[gatewright a=b]", "x"])
    func foreign(_ description: String?) {
        #expect(SnapshotMarker(description: description) == nil)
    }
}
