// swift-tools-version: 6.2
import PackageDescription

// The floors and what each target may import are a decision, not an accident: docs/decisions/0001-five-floors.md.
// Tests/HouseTests compares this file with the table in docs/architecture.md.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

func target(_ floor: String, _ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: "Sources/App/\(name)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: settings)
}

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let coreMetrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let treeCollections = Target.Dependency.product(name: "HashTreeCollections", package: "swift-collections")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "gatewright",
    products: [
        .executable(name: "gatewright", targets: ["gatewright"]),
        .executable(name: "petstore-stub", targets: ["petstore-stub"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", exact: "1.7.3"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibgit2", path: "Sources/C/CLibgit2", pkgConfig: "libgit2", providers: [.apt(["libgit2-dev"])]),
        .systemLibrary(
            name: "CLibyaml", path: "Sources/C/CLibyaml", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(
            name: "CSQLite", path: "Sources/C/CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CZlib", path: "Sources/C/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CKeeper", path: "Sources/C/CKeeper"),

        target("Vocabulary", "Bytes"),
        target("Vocabulary", "Diagnostics"),
        target("Vocabulary", "Blocking"),
        target("Vocabulary", "JSON", ["Diagnostics"]),
        target("Vocabulary", "YAML", ["Diagnostics", "JSON", "CLibyaml"]),
        target("Vocabulary", "XML"),
        target("Vocabulary", "SigV4", ["Diagnostics", crypto, httpTypes]),
        target("Vocabulary", "Resources", ["Diagnostics", "JSON", "IAMPolicy"]),
        target("Vocabulary", "IAMPolicy", ["Bytes", "Diagnostics", "JSON"]),

        target("Delivery", "GitSource", ["Diagnostics", "Blocking", "JSON", "CLibgit2", crypto]),
        target("Delivery", "OpenAPI", ["Bytes", "Diagnostics", "JSON", "Resources"]),
        target(
            "Delivery", "Manifests",
            ["Bytes", "Diagnostics", "JSON", "YAML", "IAMPolicy", "Resources", "OpenAPI", crypto]),
        target("Delivery", "Planning", ["Diagnostics", "JSON", "Resources", "IAMPolicy", crypto]),
        target(
            "Delivery", "Applying",
            ["Diagnostics", "JSON", "Resources", "Planning", logging, crypto, metrics, tracing]),
        target("Delivery", "Forges", ["Bytes", "Diagnostics", "Blocking", "JSON", httpTypes, logging, crypto]),
        target("Delivery", "Storage", ["Diagnostics", "Blocking", "CSQLite"]),
        target(
            "Delivery", "Persistence",
            ["JSON", "Resources", "Planning", "Applying", "Reconciling", "Forges", "Storage"]),
        target(
            "Delivery", "Reconciling",
            [
                "Diagnostics", "Blocking", "JSON", "Resources", "GitSource", "Manifests", "Planning", "Applying",
                logging, metrics, tracing,
            ]),

        target("Gateway", "MappingTemplates", ["Bytes", "Diagnostics", "JSON"]),
        target("Gateway", "Functions", ["Diagnostics", "JSON", "CKeeper", "CZlib", logging, crypto] + nio),
        target("Gateway", "RequestModels", ["Diagnostics", "JSON"]),
        target(
            "Gateway", "DataPlane",
            [
                "Bytes", "Diagnostics", "JSON", "SigV4", "IAMPolicy", "MappingTemplates", "RequestModels", "CZlib",
                httpTypes, logging, tls, crypto, cryptoExtras,
            ] + nio),
        target(
            "Gateway", "ControlPlane",
            [
                "Bytes", "Diagnostics", "JSON", "YAML", "XML", "SigV4", "IAMPolicy", "Resources", "OpenAPI", "Storage",
                "DataPlane",
                "RequestModels", "Functions", "Blocking", httpTypes, logging, hummingbird, hummingbirdCore, lifecycle,
                crypto, cryptoExtras,
                treeCollections,
                .product(name: "NIOCore", package: "swift-nio"),
            ]),

        target(
            "Targets", "AWSProvider",
            ["Bytes", "Diagnostics", "JSON", "XML", "SigV4", "Resources", "OpenAPI", httpTypes, logging, crypto] + nio),

        target("App", "Telemetry", ["JSON", logging, coreMetrics, tracing]),
        program(
            "gatewright",
            [
                "Telemetry", "Bytes",
                "Diagnostics", "Blocking", "JSON", "YAML", "SigV4", "Resources", "IAMPolicy", "GitSource", "OpenAPI",
                "Manifests", "Planning", "Applying", "Storage", "Persistence", "Reconciling", "Forges",
                "MappingTemplates", "Functions", "RequestModels", "DataPlane",
                "ControlPlane", "AWSProvider", argumentParser, crypto, logging, httpTypes, hummingbird, hummingbirdCore,
                lifecycle, unixSignals, httpClient, tls, metrics, tracing,
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
            ]),
        program("petstore-stub", ["JSON"] + nio),

        tests("HouseTests", []),
        .target(name: "Seeds", dependencies: ["JSON"], path: "Tests/Seeds", swiftSettings: settings),
        tests("BytesTests", ["Bytes"]),
        tests("DiagnosticsTests", ["Diagnostics", "JSON"]),
        tests("JSONTests", ["Seeds", "JSON", "Diagnostics"]),
        tests("YAMLTests", ["Seeds", "YAML", "JSON", "Diagnostics"]),
        tests("XMLTests", ["Seeds", "XML"]),
        tests("SigV4Tests", ["Seeds", "SigV4", "Diagnostics", "JSON", httpTypes]),
        tests("ResourcesTests", ["Seeds", "Resources", "JSON", "Diagnostics"]),
        .target(
            name: "PolicyOracle", dependencies: ["IAMPolicy", "JSON"], path: "Tests/PolicyOracle",
            swiftSettings: settings),
        tests("IAMPolicyTests", ["IAMPolicy", "PolicyOracle", "Seeds", "JSON", "Diagnostics"]),
        tests("GitSourceTests", ["GitSource", "Blocking", "Diagnostics"]),
        tests("OpenAPITests", ["Seeds", "OpenAPI", "YAML", "Resources", "JSON", "Diagnostics"]),
        tests("ManifestsTests", ["Seeds", "Manifests", "OpenAPI", "YAML", "Resources", "JSON", "Diagnostics"]),
        tests("PlanningTests", ["Seeds", "Planning", "Resources", "IAMPolicy", "PolicyOracle", "JSON", "Diagnostics"]),
        tests("ApplyingTests", ["Applying", "Planning", "Resources", "JSON", "Diagnostics"]),
        tests(
            "ReconcilingTests",
            [
                "Seeds", "Reconciling", "Blocking", "GitSource", "Manifests", "Applying", "Planning", "Resources",
                "JSON", "Diagnostics", logging,
            ]),
        tests(
            "Simulation",
            ["Seeds", "Applying", "Planning", "Reconciling", "Resources", "JSON", "Diagnostics", logging]),
        tests("ForgesTests", ["Bytes", "Forges", "JSON", "Diagnostics", httpTypes, logging, crypto]),
        tests("StorageTests", ["Storage", "Blocking", "Diagnostics", "CSQLite"]),
        tests(
            "PersistenceTests",
            [
                "Persistence", "Storage", "Applying", "Reconciling", "Forges", "Planning", "Resources", "JSON",
                "Diagnostics",
            ]),
        tests(
            "AWSProviderTests",
            [
                "Seeds", "AWSProvider", "ControlPlane", "DataPlane", "Functions", "Manifests", "OpenAPI", "Planning",
                "SigV4", "XML", "Resources", "YAML", "JSON", "Diagnostics", httpTypes, logging,
            ]),
        tests("FunctionsTests", ["Functions", "function-host", "JSON", "Diagnostics", logging] + nio),
        .executableTarget(
            name: "function-host", dependencies: ["Functions"], path: "Tests/FunctionHost", swiftSettings: settings),
        tests("MappingTemplatesTests", ["Seeds", "MappingTemplates", "JSON", "Diagnostics"]),
        tests("RequestModelsTests", ["Seeds", "RequestModels", "JSON", "Diagnostics"]),
        tests(
            "DataPlaneTests",
            [
                "Bytes", "Seeds", "DataPlane", "Functions", "SigV4", "IAMPolicy", "MappingTemplates", "JSON",
                "Diagnostics", httpTypes, logging, tls, crypto, cryptoExtras,
            ] + nio),
        tests(
            "ControlPlaneTests",
            [
                "Bytes", "ControlPlane", "DataPlane", "OpenAPI", "Resources", "SigV4", "Storage", "YAML", "JSON",
                "Diagnostics", "IAMPolicy", "XML", "Functions", httpTypes, logging, lifecycle, crypto, cryptoExtras,
            ] + nio),
        tests("TelemetryTests", ["Telemetry", "JSON", logging, coreMetrics, tracing]),
        tests(
            "ProgramTests",
            ["gatewright", "petstore-stub", "GitSource", "JSON", "YAML", "Diagnostics", httpTypes, tls] + nio),
    ]
)

// Benchmarks are built on request only: `make bench`.
if Context.environment["GATEWRIGHT_BENCHMARKS"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "JSON", "YAML", "Resources", "Planning", "Applying", "Storage", "Persistence", "Reconciling",
                "AWSProvider", "ControlPlane", "DataPlane", "SigV4", "IAMPolicy", "Diagnostics", "MappingTemplates",
                "RequestModels", "Functions", logging, httpTypes,
            ], path: "Tests/Benchmarks", swiftSettings: settings))
}

// The inner loop: `GATEWRIGHT_ONLY=YAMLTests,JSONTests swift test` builds these targets and what they need, nothing else.
if let only = Context.environment["GATEWRIGHT_ONLY"] {
    let byName = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var kept: Set<String> = []
    var open = only.split(separator: ",").map(String.init)
    while let name = open.popLast() {
        guard kept.insert(name).inserted else { continue }
        for case .byNameItem(let needed, _) in byName[name]?.dependencies ?? [] { open.append(needed) }
    }
    package.targets = package.targets.filter { kept.contains($0.name) }
    package.products = []
}
