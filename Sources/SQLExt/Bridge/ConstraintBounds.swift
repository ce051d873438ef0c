// SQL orders values NULL, numbers, text, blobs: every number is less than any text, and nothing compares with NULL.

extension NumberRange {
  /// Keeps the numbers x for which `x OP value` holds. Operators other than =, <, <=, >, >= change nothing.
  mutating func narrow(by constraint: FilterConstraint) {
    guard let number = constraint.value.number else { return narrow(byOther: constraint) }
    switch constraint.operator {
    case .equal, .is:
      raiseLower(to: number, including: true)
      reduceUpper(to: number, including: true)
    case .greater: raiseLower(to: number, including: false)
    case .greaterOrEqual: raiseLower(to: number, including: true)
    case .less: reduceUpper(to: number, including: false)
    case .lessOrEqual: reduceUpper(to: number, including: true)
    default: break
    }
  }

  /// The other side is text, a blob or NULL.
  private mutating func narrow(byOther constraint: FilterConstraint) {
    switch constraint.operator {
    case .equal, .is, .greater, .greaterOrEqual: self = .empty
    case .less, .lessOrEqual: if constraint.value.isNull { self = .empty }
    default: break
    }
  }
}

extension FilterConstraint {
  /// The integers x for which `x OP value` holds; nil where there are none.
  var integerBounds: (Int64, Int64)? {
    switch value {
    case .integer(let integer): bounds(integer)
    case .real(let real): bounds(real)
    case .null, .text, .blob:
      switch `operator` {
      case .equal, .is, .greater, .greaterOrEqual: nil
      case .less, .lessOrEqual: value.isNull ? nil : (.min, .max)
      default: (.min, .max)
      }
    }
  }

  private func bounds(_ value: Int64) -> (Int64, Int64)? {
    switch `operator` {
    case .equal, .is: (value, value)
    case .greater: value == .max ? nil : (value + 1, .max)
    case .greaterOrEqual: (value, .max)
    case .less: value == .min ? nil : (.min, value - 1)
    case .lessOrEqual: (.min, value)
    default: (.min, .max)
    }
  }

  private func bounds(_ value: Double) -> (Int64, Int64)? {
    if let exact = Int64(exactly: value) { return bounds(exact) }
    let below = value < 0x1p63 ? (value < -0x1p63 ? nil : Int64(value.rounded(.down))) : Int64.max
    switch `operator` {
    case .equal, .is: return nil
    case .greater, .greaterOrEqual:
      guard let below else { return (.min, .max) }
      return below == .max ? nil : (below + 1, .max)
    case .less, .lessOrEqual: return below.map { (.min, $0) }
    default: return (.min, .max)
    }
  }
}
