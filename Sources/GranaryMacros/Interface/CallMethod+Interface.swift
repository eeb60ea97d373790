extension CallMethod {
    /// The method of an interface's reference that calls the grain by name.
    func interfaceMethod(access: AccessLevel) -> String {
        let returning = result.map { ", returning: (\($0)).self" } ?? ""
        return """
            \(header(access: access))
                    try await self._handle.invoke(\(wireName.literal)\(returning)) \(encoding)
                }
            """
    }
}
