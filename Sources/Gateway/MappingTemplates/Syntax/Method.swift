/// The methods that values of a template have; the raw value is the name in templates.
enum Method: String, Sendable, CaseIterable {
    // $input
    case json, params, path
    // $util
    case base64Decode, base64Encode, escapeJavaScript, parseJson, urlDecode, urlEncode
    // Anything
    case compareTo, equals, hashCode, toString
    // Texts, lists and maps
    case clear, contains, get, indexOf, isEmpty, lastIndexOf, remove, replace, size
    // Texts
    case charAt, codePointAt, compareToIgnoreCase, concat, contentEquals, copyValueOf, endsWith, equalsIgnoreCase,
        format, formatted, getBytes
    case intern, isBlank, join, length, matches, `repeat`, replaceAll, replaceFirst, split, startsWith, strip
    case stripLeading, stripTrailing, subSequence, substring, toCharArray, toLowerCase, toUpperCase, trim
    // Lists
    case add, addAll, containsAll, hasNext, iterator, next, removeAll, retainAll, set, subList, toArray
    // Maps and their entries
    case containsKey, containsValue, entrySet, getKey, getOrDefault, getValue, keySet, put, putAll, putIfAbsent
    case setValue, values
    // Numbers: `#set($Integer = 0)$Integer.parseInt("12")` is how templates turn text into a number
    case booleanValue, byteValue, compare, doubleValue, floatValue, intValue, isInfinite, isNaN, longValue, max, min
    case parseBoolean, parseDouble, parseFloat, parseInt, parseLong, shortValue, signum, sum, toBinaryString
    case toHexString, toOctalString, valueOf
}
