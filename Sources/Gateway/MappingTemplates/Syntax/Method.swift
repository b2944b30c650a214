/// The methods that values of a template have; the raw value is the name in templates.
enum Method: String, Sendable, CaseIterable {
    // $input
    case json, params, path
    // $util
    case base64Decode, base64Encode, escapeJavaScript, parseJson, urlDecode, urlEncode
    // Anything
    case compareTo, equals, toString
    // Texts, lists and maps
    case clear, contains, get, indexOf, isEmpty, lastIndexOf, remove, replace, size
    // Texts
    case charAt, compareToIgnoreCase, concat, endsWith, equalsIgnoreCase, isBlank, length, matches
    case `repeat`, replaceAll, replaceFirst, split, startsWith, strip, subSequence, substring, toCharArray
    case toLowerCase, toUpperCase, trim
    // Lists
    case add, addAll, containsAll, removeAll, set, subList
    // Maps and their entries
    case containsKey, containsValue, entrySet, getKey, getOrDefault, getValue, keySet, put, putAll, putIfAbsent, values
    // Numbers: `#set($Integer = 0)$Integer.parseInt("12")` is how templates turn text into a number
    case doubleValue, floatValue, intValue, longValue, parseDouble, parseInt, parseLong, valueOf
}
