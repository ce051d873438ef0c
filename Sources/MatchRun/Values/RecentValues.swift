/// So many values by key; the one that was not asked for the longest gives way to a new one.
struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private var entries: [Key: (value: Value, use: UInt64)] = [:]
  private var uses: UInt64 = 0
  private let capacity: Int

  /// - Parameter capacity: How many values are kept, 1 or more.
  init(capacity: Int) { self.capacity = max(1, capacity) }

  /// How many are kept now.
  var count: Int { entries.count }

  /// - Complexity: O(1), and O(capacity) when a new value takes the place of an old one.
  subscript(key: Key) -> Value? {
    mutating get {
      guard let entry = entries[key] else { return nil }
      uses += 1
      entries[key] = (entry.value, uses)
      return entry.value
    }
    set {
      uses += 1
      if newValue != nil, entries[key] == nil, entries.count >= capacity,
        let oldest = entries.min(by: { $0.value.use < $1.value.use })
      {
        entries[oldest.key] = nil
      }
      entries[key] = newValue.map { ($0, uses) }
    }
  }
}
