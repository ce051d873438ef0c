/// SQL text from names. Values are always bound; only names of columns pass through here.
public enum SQLText {
  /// A quoted identifier; a double quote inside is doubled.
  public static func identifier(_ name: String) -> String {
    var quoted = "\""
    for character in name.unicodeScalars {
      if character == "\"" { quoted += "\"\"" } else { quoted.unicodeScalars.append(character) }
    }
    return quoted + "\""
  }
}
