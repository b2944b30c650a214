import XML

extension XMLElement {
    /// A message or metadata of SAML. Instructions are refused: what is signed must be what is read.
    static func saml(_ bytes: [UInt8]) throws(XMLProblem) -> XMLElement {
        try XMLReader.read(
            bytes,
            XMLRules(
                bytesMax: Limits.samlBytesMax, elementsMax: Limits.xmlElementsMax, depthMax: Limits.xmlDepthMax,
                takesInstructions: false))
    }
}
