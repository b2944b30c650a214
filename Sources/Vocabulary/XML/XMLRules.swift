/// What ``XMLReader`` takes.
package struct XMLRules: Sendable {
    /// LIMIT: bytes of a document.
    package var bytesMax: Int
    /// LIMIT: elements of a document.
    package var elementsMax: Int
    /// LIMIT: elements inside each other.
    package var depthMax: Int
    /// Processing instructions are skipped; else they are refused.
    package var takesInstructions: Bool

    package init(bytesMax: Int, elementsMax: Int, depthMax: Int, takesInstructions: Bool) {
        self.bytesMax = bytesMax
        self.elementsMax = elementsMax
        self.depthMax = depthMax
        self.takesInstructions = takesInstructions
    }
}
