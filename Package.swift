// swift-tools-version: 6.2

import CompilerPluginSupport
import PackageDescription

/// Every target is built alike: Swift 6 mode and the upcoming features the code is written for.
let settings: [SwiftSetting] = [
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0335-existential-any.md
    .enableUpcomingFeature("ExistentialAny"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0444-member-import-visibility.md
    .enableUpcomingFeature("MemberImportVisibility"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0409-access-level-on-imports.md
    .enableUpcomingFeature("InternalImportsByDefault"),
    // https://github.com/swiftlang/swift-evolution/blob/main/proposals/0461-async-function-isolation.md
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "granary",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Granary", targets: ["Granary"]),
        .library(name: "GranaryPostgres", targets: ["GranaryPostgres"]),
        .library(name: "GranaryTesting", targets: ["GranaryTesting"]),
        .executable(name: "granary", targets: ["GranaryTool"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        // Without traits the library links no full Foundation.
        .package(
            url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: ["CommandLineArguments"]),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibPQ",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .macro(
            name: "GranaryMacros",
            dependencies: [
                .product(name: "SwiftCompilerPlugin", package: "swift-syntax"),
                .product(name: "SwiftDiagnostics", package: "swift-syntax"),
                .product(name: "SwiftParser", package: "swift-syntax"),
                .product(name: "SwiftSyntax", package: "swift-syntax"),
                .product(name: "SwiftSyntaxBuilder", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacros", package: "swift-syntax"),
            ],
            swiftSettings: settings),
        .target(name: "CGranaryMemory"),
        .target(name: "CGranaryReads"),
        .target(name: "CGranaryTask"),
        .target(
            name: "GranaryCore",
            dependencies: [
                "CGranaryReads",
                "CGranaryTask",
                "GranaryMacros",
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings),
        // The pure protocol: it depends on nothing.
        .target(name: "GranaryCluster", swiftSettings: settings),
        .target(
            name: "GranaryRuntime",
            dependencies: [
                "CGranaryMemory",
                "GranaryCluster",
                "GranaryCore",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: settings),
        .target(
            name: "GranaryTransport",
            dependencies: [
                "GranaryCore",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .target(
            name: "GranaryPostgres",
            dependencies: [
                "CLibPQ",
                "GranaryCore",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "DequeModule", package: "swift-collections"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
            ],
            swiftSettings: settings),
        .target(
            name: "GranaryTesting",
            dependencies: [
                "GranaryCore", "GranaryRuntime", "GranaryTransport", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .target(
            name: "Granary",
            dependencies: [
                "GranaryCore", "GranaryRuntime", "GranaryTransport", .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "GranaryTool",
            dependencies: [
                "GranaryCore",
                "GranaryPostgres",
                "GranaryRuntime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        // The README's grain; a test runs it.
        .executableTarget(
            name: "FirstGrain",
            dependencies: ["Granary"],
            path: "Examples/FirstGrain",
            swiftSettings: settings),
        .testTarget(
            name: "DocumentationTests",
            dependencies: ["FirstGrain", "Granary", "GranaryPostgres", "GranaryTesting", "GranaryTestSupport"],
            swiftSettings: settings),
        // Whole clusters under a seed; the command runs as many seeds as it is told to.
        .target(name: "GranarySimulation", dependencies: ["GranaryCluster"], swiftSettings: settings),
        .executableTarget(
            name: "granary-simulate", dependencies: ["GranaryCluster", "GranarySimulation"], swiftSettings: settings),
        .testTarget(
            name: "GranaryClusterTests", dependencies: ["GranaryCluster", "GranarySimulation"], swiftSettings: settings),
        .testTarget(
            name: "GranaryCoreTests",
            dependencies: ["CGranaryReads", "GranaryCore", .product(name: "NIOCore", package: "swift-nio")],
            swiftSettings: settings),
        .testTarget(
            name: "GranaryMacrosTests",
            dependencies: [
                "GranaryCore",
                "GranaryMacros",
                "GranaryTestSupport",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SwiftSyntaxBuilder", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacroExpansion", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacros", package: "swift-syntax"),
                .product(name: "SwiftSyntaxMacrosGenericTestSupport", package: "swift-syntax"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GranaryRuntimeTests",
            dependencies: [
                "Granary", "GranaryCore", "GranaryRuntime", "GranaryTesting", "GranaryTransport",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ],
            swiftSettings: settings),
        // Silos as processes of their own, for tests that kill them.
        .target(
            name: "GranaryTestGrains", dependencies: ["Granary"], path: "Tests/GranaryTestGrains",
            swiftSettings: settings),
        .executableTarget(
            name: "granary-test-silo",
            dependencies: [
                "Granary", "GranaryPostgres", "GranaryTestGrains",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            path: "Tests/granary-test-silo",
            swiftSettings: settings),
        .testTarget(
            name: "GranaryRuntimeClusterTests",
            dependencies: [
                "granary-test-silo", "GranaryTestGrains",
                "Granary", "GranaryCluster", "GranaryCore", "GranaryPostgres", "GranaryRuntime", "GranaryTesting",
                "GranaryTestSupport", "GranaryTransport",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GranaryTestingTests",
            dependencies: [
                "Granary", "GranaryCore", "GranaryRuntime", "GranaryTesting",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "GranaryTransportTests",
            dependencies: [
                "GranaryCore", "GranaryTestSupport", "GranaryTransport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings),
        .target(
            name: "GranaryTestSupport",
            dependencies: ["GranaryPostgres"],
            path: "Tests/GranaryTestSupport",
            swiftSettings: settings),
        .testTarget(
            name: "GranaryPostgresTests",
            dependencies: [
                "Granary", "GranaryCore", "GranaryPostgres", "GranaryTesting", "GranaryTestSupport",
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["Schemas"],
            swiftSettings: settings),
        .testTarget(
            name: "GranaryToolTests",
            dependencies: [
                "GranaryPostgres", "GranaryTestSupport", "GranaryTool",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
    ]
)
