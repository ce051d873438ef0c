import Glibc

/// Numbers in sentences.
package enum NumberText {
  /// So many significant digits, without trailing zeros.
  package static func significant(_ value: Double, _ digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      let length = withVaList([value]) { vsnprintf(buffer.baseAddress!, buffer.count, "%.\(digits)g", $0) }
      return String(decoding: buffer[..<Int(length)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }

  /// The same with its sign.
  package static func signed(_ value: Double, _ digits: Int) -> String {
    (value < 0 ? "" : "+") + significant(value, digits)
  }
}
