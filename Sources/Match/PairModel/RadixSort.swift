/// Sorts numbers by their bytes, from the last one to the first.
enum RadixSort {
  /// The numbers in ascending order.
  /// - Parameters:
  ///   - bits: They are below 2 to this power.
  ///   - skipped: The lowest bits that are ascending among equal higher bits already, and need not be looked at.
  /// - Complexity: O(count · bits / 11).
  static func sorted(_ numbers: [UInt64], bits: Int, skipping skipped: Int = 0) -> [UInt64] {
    if numbers.count < few { return numbers.sorted() }
    var (from, to) = (numbers, [UInt64](repeating: 0, count: numbers.count))
    for shift in stride(from: skipped, to: bits, by: digit) where pass(from, &to, shift: UInt64(shift)) {
      swap(&from, &to)
    }
    return from
  }

  /// The places of the numbers in ascending order; equal ones stay as they are.
  /// - Complexity: O(count · bits / 11).
  static func order(of numbers: [UInt64], bits: Int) -> [Int32] {
    var from = numbers.indices.map { Int32($0) }
    var to = from
    let mask: UInt64 = 1 << UInt64(digit) - 1
    for shift in stride(from: UInt64(0), to: UInt64(bits), by: digit) {
      var places = [Int](repeating: 0, count: 1 << digit)
      for number in numbers { places[Int(number >> shift & mask)] += 1 }
      if places.contains(numbers.count) { continue }
      var next = 0
      for value in places.indices { (places[value], next) = (next, next + places[value]) }
      for place in from {
        let value = Int(numbers[Int(place)] >> shift & mask)
        to[places[value]] = place
        places[value] += 1
      }
      swap(&from, &to)
    }
    return from
  }

  private static let few = 256
  private static let digit = 11

  /// - Returns: Whether anything was moved: not if all have the same digit.
  private static func pass(_ from: [UInt64], _ to: inout [UInt64], shift: UInt64) -> Bool {
    let mask: UInt64 = 1 << UInt64(digit) - 1
    var places = [Int](repeating: 0, count: 1 << digit)
    for number in from { places[Int(number >> shift & mask)] += 1 }
    if places[Int(from[0] >> shift & mask)] == from.count { return false }
    var next = 0
    for value in places.indices { (places[value], next) = (next, next + places[value]) }
    for number in from {
      let value = Int(number >> shift & mask)
      to[places[value]] = number
      places[value] += 1
    }
    return true
  }
}
