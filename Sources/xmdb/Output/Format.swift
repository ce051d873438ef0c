import SQLExt

/// Numbers for people. Programs get exact numbers, from `--json` and `--csv`.
enum Format {
  /// 1,234,567.
  static func count(_ value: Int64) -> String {
    let digits = String(value.magnitude)
    var text = value < 0 ? "-" : ""
    for (position, digit) in digits.enumerated() {
      if position > 0 && (digits.count - position) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return text
  }

  /// 1 source, 2 sources.
  static func count(_ value: Int64, _ noun: String) -> String { "\(count(value)) \(noun)\(value == 1 ? "" : "s")" }

  /// 155 kB, 63.1 MB; thousands, not 1024.
  static func bytes(_ value: Int64) -> String {
    var size = Double(value)
    for unit in ["B", "kB", "MB", "GB"] {
      if size < 999.5 { return significant(size, 3) + " " + unit }
      size /= 1000
    }
    return significant(size, 3) + " TB"
  }

  /// 0.31 s, 12.3 s, 3 min 20 s.
  static func seconds(_ value: Double) -> String {
    if value < 120 { return significant(value, value < 0.01 ? 1 : 3) + " s" }
    let whole = Int64(value.rounded())
    return whole < 7200 ? "\(whole / 60) min \(whole % 60) s" : "\(whole / 3600) h \(whole % 3600 / 60) min"
  }

  /// A number with three significant digits, large ones in full: 0.983, 12.3, 41,253.
  static func short(_ value: Double) -> String {
    (1000..<1e15).contains(value.magnitude) ? count(Int64(value.rounded())) : significant(value, 3)
  }

  /// So many significant digits, without trailing zeros.
  static func significant(_ value: Double, _ digits: Int) -> String { NumberText.significant(value, digits) }
}
