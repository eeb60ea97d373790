public import Granary

/// The list of products; one grain for the whole shop.
@Grain(errors: ShopError.self)
public actor Catalog {
    @Stored var products: [Product] = []

    /// Sets the list; a list that is there already is written only when it differs.
    ///
    /// - Parameter products: The products, in the order they are shown in.
    /// - Throws: `GrainError` when it cannot be saved.
    @Idempotent public func fill(_ products: [Product]) async throws {
        guard self.products != products else { return }
        self.products = products
        try await $products.save()
    }

    /// All products, in the order they are shown in.
    @ReadOnly public func all() -> [Product] { products }

    /// One product.
    ///
    /// - Parameter id: Its id.
    /// - Returns: The product.
    /// - Throws: ``ShopError`` when there is none of that id.
    @ReadOnly public func product(_ id: String) throws(ShopError) -> Product {
        guard let product = products.first(where: { $0.id == id }) else {
            throw ShopError(.unknownProduct, "There is no product called '\(id)'.")
        }
        return product
    }
}
