/// True if a segment of the path is `.` or `..`, written plainly or percent-encoded: it would leave the part of the
/// endpoint that a route names.
func hasDotSegment(_ path: some Collection<UInt8>) -> Bool {
    var dots = 0
    var others = 0
    var rest = path[path.startIndex...]
    while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "/"), UInt8(ascii: "\\"):
            if others == 0, dots == 1 || dots == 2 { return true }
            (dots, others) = (0, 0)
        case UInt8(ascii: "."): dots += 1
        case UInt8(ascii: "%"):
            let code = rest.prefix(2)
            if code.elementsEqual([0x32, 0x65]) || code.elementsEqual([0x32, 0x45]) {
                dots += 1
                rest = rest.dropFirst(2)
            } else {
                others += 1
            }
        default: others += 1
        }
    }
    return others == 0 && (dots == 1 || dots == 2)
}
