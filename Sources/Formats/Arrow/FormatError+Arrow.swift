internal import CArrow

extension FormatError {
  /// What the C door says of a file.
  init(_ error: xarrow_error, path: String, format: String) {
    let message = withUnsafeBytes(of: error.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    switch Int(error.code) {
    case Int(XARROW_ERROR_OPEN): self.init(.notReadable, subject: path, "cannot be opened: \(message)")
    case Int(XARROW_ERROR_EMPTY): self.init(.empty, subject: path, message)
    case Int(XARROW_ERROR_NOT_PARQUET): self.init(.otherFormat, subject: path, message)
    case Int(XARROW_ERROR_TRUNCATED): self.init(.truncated, subject: path, message)
    case Int(XARROW_ERROR_UNSUPPORTED): self.init(.unsupported, subject: path, message)
    case Int(XARROW_ERROR_MEMORY): self.init(.memory, subject: path, "not enough memory to decode it: \(message)")
    case Int(XARROW_ERROR_VALUE):
      self.init(.schemaMismatch, subject: path, "\(message); leave the column out with --exclude")
    default: self.init(.damaged, subject: path, "the \(format) file is damaged: \(message)")
    }
  }
}
