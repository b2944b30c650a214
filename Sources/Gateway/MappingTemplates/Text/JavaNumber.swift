/// Numbers as Java prints them.
enum JavaNumber {
    /// `2.0`, `1.0E10`, `1.5E-5`: plain from 0.001 to 10,000,000, else with an exponent.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        let size = value.magnitude
        if size == 0 || (size >= 1e-3 && size < 1e7) { return "\(value)" }
        let (digits, exponent) = digits(size)
        let rest = digits.dropFirst()
        return "\(value < 0 ? "-" : "")\(digits.prefix(1)).\(rest.isEmpty ? "0" : String(rest))E\(exponent)"
    }

    /// The shortest digits that give the value back, and the power of ten of the first of them.
    static func digits(_ value: Double) -> (String, exponent: Int) {
        let parts = "\(value)".split(separator: "e")
        let mantissa = parts[0].split(separator: ".")
        let whole = mantissa[0] == "0" ? "" : String(mantissa[0])
        let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        var exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) + whole.utf8.count - 1
        var digits = Substring(whole + fraction)
        while digits.count > 1, digits.first == "0" {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.count > 1, digits.last == "0" { digits.removeLast() }
        return (String(digits), exponent)
    }
}
