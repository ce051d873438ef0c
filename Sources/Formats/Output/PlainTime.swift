/// Dates and times of the day as texts of ISO 8601, from what integers count.
enum PlainTime {
  /// The text of a value; nil for a step that is not below a day where a time of the day is wanted.
  static func text(_ value: Int64, _ type: ColumnType) -> String {
    switch type {
    case .date(let step): date(days: split(value, step).days) ?? String(value)
    case .time(let step): timeOfDay(split(value, step).rest, step)
    case .timestamp(let step, let zone):
      timestamp(value, step).map { zone.isEmpty ? $0 : $0 + "Z" } ?? String(value)
    default: String(value)
    }
  }

  private static func timestamp(_ value: Int64, _ step: TimeStep) -> String? {
    let (days, rest) = split(value, step)
    return date(days: days).map { $0 + "T" + timeOfDay(rest, step) }
  }

  /// Steps in a day.
  private static func perDay(_ step: TimeStep) -> Int64 {
    switch step {
    case .day: 1
    case .second: 86_400
    case .millisecond: 86_400_000
    case .microsecond: 86_400_000_000
    case .nanosecond: 86_400_000_000_000
    }
  }

  /// Whole days, and steps since midnight.
  private static func split(_ value: Int64, _ step: TimeStep) -> (days: Int64, rest: Int64) {
    let steps = perDay(step)
    let rest = value % steps
    return rest < 0 ? (value / steps - 1, rest + steps) : (value / steps, rest)
  }

  /// The date in the Gregorian calendar of a day since 1970-01-01; nil beyond the years 0 to 9999, which ISO 8601 has.
  ///
  /// Years are counted from 1 March, 400 of them have 146 097 days.
  private static func date(days: Int64) -> String? {
    guard (-719_528...2_932_896).contains(days) else { return nil }
    let sinceEra = days + 719_468
    let era = (sinceEra >= 0 ? sinceEra : sinceEra - 146_096) / 146_097
    let day = sinceEra - era * 146_097
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
    let dayOfYear = day - (365 * year + year / 4 - year / 100)
    let month = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * month + 2) / 5 + 1
    let civil = month < 10 ? month + 3 : month - 9
    return "\(padded(year + era * 400 + (civil <= 2 ? 1 : 0), 4))-\(padded(civil, 2))-\(padded(dayOfMonth, 2))"
  }

  private static func timeOfDay(_ steps: Int64, _ step: TimeStep) -> String {
    let perSecond = max(1, perDay(step) / 86_400)
    let seconds = step == .day ? 0 : steps / perSecond
    let clock = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
    let digits = String(perSecond).utf8.count - 1
    return digits == 0 ? clock : clock + "." + padded(steps % perSecond, digits)
  }

  private static func padded(_ number: Int64, _ digits: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
