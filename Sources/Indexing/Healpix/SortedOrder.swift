/// The order that sorts sources along the HEALPix curve: element k is the place of the k-th source.
///
/// A stable radix sort, eleven binary digits at a time: sources of one pixel keep their order. Passes in which all keys
/// agree are skipped.
///
/// - Parameter keys: Order-29 indices (any numbers ≥ 0).
/// - Complexity: O(n), with 32 bytes of scratch to a source.
public func sortedOrder(ofHealpix29 keys: [Int64]) -> [Int] {
  var items = keys.enumerated().map { KeyedPlace(key: $1, place: $0) }
  var scratch = items
  let varying = keys.reduce(Int64(0)) { $0 | ($1 ^ keys[0]) }
  precondition(varying >= 0 && (keys.first ?? 0) >= 0, "an order-29 index is negative")
  for shift in stride(from: Int64(0), to: 63, by: KeyedPlace.digitBits) where (varying >> shift) & 2047 != 0 {
    KeyedPlace.distribute(items, into: &scratch, shift: shift)
    swap(&items, &scratch)
  }
  return items.map(\.place)
}

/// A key and where it stood.
private struct KeyedPlace {
  let key: Int64
  let place: Int

  static let digitBits: Int64.Stride = 11

  @inline(__always)
  func digit(_ shift: Int64) -> Int { Int((key >> shift) & 2047) }

  /// One pass: moves items into `target` by one digit, keeping equal ones in order.
  static func distribute(_ items: [KeyedPlace], into target: inout [KeyedPlace], shift: Int64) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2049) { next in
      next.initialize(repeating: 0)
      for item in items { next[item.digit(shift) + 1] += 1 }
      for digit in 0..<2048 { next[digit + 1] += next[digit] }
      target.withUnsafeMutableBufferPointer { target in
        for item in items {
          let digit = item.digit(shift)
          target[next[digit]] = item
          next[digit] += 1
        }
      }
    }
  }
}
