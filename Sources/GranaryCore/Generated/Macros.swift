/// Makes an actor a grain: a virtual actor that the cluster activates on demand, with one home per key.
///
/// ```swift
/// @Grain
/// actor ShoppingCart {
///     @Stored var contents = Contents()
///
///     func add(_ product: Product.ID, quantity: Int = 1) async throws -> Contents {
///         contents.add(product, quantity)
///         try await $contents.save()
///         return contents
///     }
///
///     @ReadOnly func current() -> Contents { contents }
/// }
/// ```
///
/// The macro writes the conformance, `context`, the table of methods, and a nested `Reference` whose methods mirror the
/// grain's callable ones. Callable are the instance methods in the actor's own braces that are neither `private`,
/// `fileprivate`, `static` nor `nonisolated`; `activate()` and `deactivate(_:)` are not. Methods in extensions and inside
/// `#if` are not seen. Their arguments and results must be `Codable` and `Sendable`.
///
/// `init(context:)` is written too, where every stored property has a default value and the actor has no initialiser.
///
/// - Parameters:
///   - name: The grain type's name in storage and messages; the actor's name unless said otherwise. It must stay the
///     same when the actor is renamed.
///   - key: The type of the key; `String` unless said otherwise. An actor may declare `Key` itself instead.
///   - errors: Error types that arrive at callers as themselves, beside those in typed `throws`. Others arrive described.
@attached(
    member, names: named(Key), named(context), named(_turns), named(init(context:)), named(_descriptor), named(_bind),
    named(Reference))
@attached(extension, conformances: Grain, SelfMadeGrain)
public macro Grain(
    _ name: StaticString? = nil, key: any GrainKey.Type = String.self, errors: any (Error & Codable & Sendable).Type...
) = #externalMacro(module: "GranaryMacros", type: "GrainMacro")

/// Writes a reference for a protocol that mirrors a grain, so that a program can call it without linking it.
///
/// ```swift
/// @GrainInterface("ShoppingCart")
/// protocol CartAPI: Sendable {
///     func add(_ product: String, quantity: Int) async throws -> Contents
/// }
/// ```
///
/// This writes `struct CartAPIReference: CartAPI`. Code that takes `some CartAPI` works with it, with a mock, and with
/// the grain's own `Reference` after `extension ShoppingCart.Reference: CartAPI {}`.
///
/// - Parameters:
///   - name: The grain type's name in storage and messages.
///   - key: The type of the key; `String` unless said otherwise.
@attached(peer, names: suffixed(Reference))
public macro GrainInterface(_ name: StaticString, key: any GrainKey.Type = String.self) =
    #externalMacro(module: "GranaryMacros", type: "GrainInterfaceMacro")

/// Marks a method that changes nothing: its turns interleave with each other, and it may be sent again.
///
/// A turn that changes a state all the same is refused, and its change taken back. Let it call only methods that are
/// `@ReadOnly` or `@Idempotent` too: that is not checked.
@attached(peer)
public macro ReadOnly() = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

/// Marks a method for which running twice is as good as once, so that a lost call may be sent again.
@attached(peer)
public macro Idempotent() = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

/// Marks a method whose callers do not wait for its end; it returns nothing, and its call may be lost.
///
/// Such a method can be ``Idempotent()``, but not ``ReadOnly()``: nobody would see what it read.
@attached(peer)
public macro OneWay() = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

/// Gives a method another name in messages than its Swift name.
///
/// - Parameter name: The name: 1 to 1,024 bytes of UTF-8. It must stay the same when the method is renamed.
@attached(peer)
public macro Method(_ name: StaticString) = #externalMacro(module: "GranaryMacros", type: "MarkerMacro")

/// Makes a struct or an enumeration write and read itself, which is several times faster than what `Codable` does.
///
/// ```swift
/// @Coded
/// struct Contents: Sendable {
///     var lines: [Line] = []
///     var note: String?
/// }
/// ```
///
/// The type becomes ``Coded``, and with that `Codable`. What is written stays the same to the byte, in calls and in stored
/// states, so types can be marked, or not be marked any longer, at any time: keys are the names of the properties, or what
/// the type's own `CodingKeys` say; what is `nil` is left out; keys that nobody asks for are passed over.
///
/// Properties of all `Codable` types are written; those of marked types, of the types of Swift and Foundation that the
/// codecs know, and optionals, arrays and dictionaries with text keys of them, without a detour. In a generic type that is
/// so for parameters that are ``Coded``.
///
/// The type is written out from its own braces. What is declared in extensions, such as `CodingKeys`, `init(from:)` or
/// `encode(to:)`, is not seen: a type that writes itself in another way cannot be marked.
@attached(
    extension, conformances: Decodable, Encodable, _JSONCoded, Coded,
    names: named(_write), named(_read), named(_writeJSON), named(_readJSON), named(init(_reading:)),
    named(init(_reading:of:)))
public macro Coded() = #externalMacro(module: "GranaryMacros", type: "CodedMacro")
