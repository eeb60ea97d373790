/// A sequence that a grain produces and a caller reads piece by piece: what a grain's method returns in place of a long array.
///
/// ```swift
/// @Grain actor Archive {
///     var lines: [String] = []
///
///     func all() -> GrainStream<String> {
///         context.stream(from: 0) { archive, index in
///             guard index < archive.lines.count else { return nil }
///             defer { index += 1 }
///             return archive.lines[index]
///         }
///     }
/// }
///
/// for try await line in try await archive.all() { print(line) }
/// ```
///
/// The reader, in this silo or in another one, fetches batches, and each batch is one turn: between two of them the grain
/// serves others, and may change. A stream is read once, by one reader. It ends early, with an error of code
/// ``GrainError/Code/streamLost``, when its activation does, and so when the grain moves or its silo dies, and when its reader
/// asks for nothing for longer than a call may take. A reader that stops early frees the producer.
public struct GrainStream<Element: Codable & Sendable>: AsyncSequence, Sendable {
    /// The grain that produces it.
    public let grain: GrainID
    /// Which of its streams.
    let number: UInt64
    /// The silo that produces it; 0 for this one.
    private let silo: Int32
    private let runtime: any GrainRuntime
    private var batch = 100

    init(_ number: UInt64, of grain: GrainID, on silo: Int32 = 0, runtime: any GrainRuntime) {
        self.number = number
        self.silo = silo
        self.grain = grain
        self.runtime = runtime
    }

    /// The same stream, read in batches of another size.
    ///
    /// - Parameter size: How many elements are fetched at once at most, at least 1; 100 unless said otherwise.
    /// - Returns: The stream.
    public func batches(of size: Int) -> Self {
        var stream = self
        stream.batch = Swift.max(size, 1)
        return stream
    }

    /// Begins to read.
    ///
    /// - Returns: The reader; when it goes, the producer is freed.
    public func makeAsyncIterator() -> Iterator {
        Iterator(StreamReading(number, of: grain, on: silo, in: runtime), batch: batch)
    }

    /// Reads a ``GrainStream``.
    public struct Iterator: AsyncIteratorProtocol {
        private let reading: StreamReading
        private let batch: Int
        private var elements: ArraySlice<Element> = []
        private var isOver = false

        init(_ reading: StreamReading, batch: Int) {
            self.reading = reading
            self.batch = batch
        }

        /// The next element.
        ///
        /// - Returns: The element; `nil` after the last one.
        /// - Throws: What the producer throws, as a call would; ``GrainError`` with code `.streamLost` when it is gone.
        public mutating func next() async throws -> Element? { try await next(isolation: nil) }

        /// The next element.
        ///
        /// - Parameter actor: Where the reader runs.
        /// - Returns: The element; `nil` after the last one.
        /// - Throws: What the producer throws, as a call would; ``GrainError`` with code `.streamLost` when it is gone.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws -> Element? {
            while elements.isEmpty {
                if isOver { return nil }
                do {
                    let next: StreamBatch<Element> = try await reading.next(
                        batch, TurnCaller(actor, method: "next"))
                    elements = next.elements[...]
                    isOver = next.isLast
                } catch {
                    isOver = true
                    throw error
                }
            }
            return elements.popFirst()
        }
    }
}

extension GrainStream: Codable {
    private enum CodingKeys: String, CodingKey {
        case grain, silo, number, batch
    }

    /// Writes the grain, its silo and the stream's number.
    ///
    /// - Parameter encoder: Where to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(grain, forKey: .grain)
        try container.encode(silo == 0 ? runtime._silo : silo, forKey: .silo)
        try container.encode(number, forKey: .number)
        try container.encode(batch, forKey: .batch)
    }

    /// Reads the grain, its silo and the stream's number; the silo that decodes lends the way to the grain.
    ///
    /// - Parameter decoder: Where from.
    /// - Throws: `DecodingError` when no silo decodes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let runtime = (decoder.userInfo[.grainRuntime] as? GrainRuntimeBox)?.runtime else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a stream of a grain can be decoded only by a silo, as the result of a call"))
        }
        let silo = try container.decode(Int32.self, forKey: .silo)
        self.init(
            try container.decode(UInt64.self, forKey: .number), of: try container.decode(GrainID.self, forKey: .grain),
            on: silo == runtime._silo ? 0 : silo, runtime: runtime)
        batch = Swift.max(try container.decode(Int.self, forKey: .batch), 1)
    }
}
