import CatalogStore

/// An amount of memory in an option or a file: 500MB, 64GB, 1.5TB, 8GiB; a number alone is in bytes.
struct ByteCount: Equatable {
  let bytes: Int64

  private static let units: [String: Double] = [
    "": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12,
    "KIB": 1024, "MIB": 1_048_576, "GIB": 1_073_741_824, "TIB": 1_099_511_627_776,
  ]

  /// - Throws: `StoreError.usage` that says where `text` stood and what is allowed.
  init(_ text: String, subject: String) throws {
    let number = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(number.count).filter { $0 != " " }.uppercased()
    guard let value = Double(number), let factor = Self.units[unit], value * factor >= 1, value * factor < 1e18 else {
      throw StoreError(.usage, subject, "is '\(text)'; allowed: a number and a unit, such as 500MB, 64GB or 8GiB")
    }
    bytes = Int64(value * factor)
  }
}

/// A span of time in an option or a file: [D-]HH:MM:SS, as batch systems write it.
struct ClockSpan: Equatable {
  let seconds: Double

  /// - Throws: `StoreError.usage` that says where `text` stood and what is allowed.
  init(_ text: String, subject: String) throws {
    guard let seconds = Self.seconds(text) else {
      throw StoreError(
        .usage, subject, "is '\(text)'; allowed: HH:MM:SS or D-HH:MM:SS, for example 12:00:00 for twelve hours")
    }
    self.seconds = seconds
  }

  private static func seconds(_ text: String) -> Double? {
    let dayAndTime = text.split(separator: "-", omittingEmptySubsequences: false)
    let parts = dayAndTime[dayAndTime.count - 1].split(separator: ":", omittingEmptySubsequences: false)
    let numbers = parts.map { $0.allSatisfy(\.isNumber) ? Int($0) : nil }
    guard dayAndTime.count <= 2, parts.count == 3, let hours = numbers[0], let minutes = numbers[1],
      let seconds = numbers[2], minutes < 60, seconds < 60, hours < 100_000
    else { return nil }
    var days = 0
    if dayAndTime.count == 2 {
      guard let number = Int(dayAndTime[0]), (0..<1000).contains(number), hours < 24 else { return nil }
      days = number
    }
    return Double((days * 24 + hours) * 3600 + minutes * 60 + seconds)
  }
}
