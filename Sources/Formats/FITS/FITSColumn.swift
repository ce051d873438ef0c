internal import CFITSIO

/// One column of a table in a FITS file.
struct FITSColumn: Sendable {
  /// Its number, from 1.
  let number: Int32
  /// Characters of a text, or of a field of a table of text.
  let width: Int
  /// Where the field is in a row of text.
  let offset: Int
  /// Digits behind a point that is not written, in a table of text.
  let impliedDigits: Int
  /// What fields of no value hold, in a table of text.
  let nullText: String?
  /// `value = scale × field + zero`, in a table of text.
  let scale: Double
  let zero: Double
  /// Whether the fields of a binary table are floating-point numbers.
  let isFloatingPoint: Bool
  let file: FileColumn

  /// Nil if cfitsio cannot make sense of it.
  init?(_ number: Int32, of fits: FITSFile, frame: String?) {
    var (status, code, repeats, width): (Int32, Int32, LONGLONG, LONGLONG) = (0, 0, 0, 0)
    ffgtclll(fits.handle, number, &code, &repeats, &width, &status)
    var equivalent: Int32 = 0
    ffeqtyll(fits.handle, number, &equivalent, nil, nil, &status)
    defer { ffcmsg() }
    let characters = code == TSTRING && !fits.isASCII ? repeats : width
    guard status == 0, repeats >= 0, width >= 0, characters <= fits.rowBytes else { return nil }
    self.number = number
    isFloatingPoint = code == TFLOAT || code == TDOUBLE
    self.width = Int(characters)
    let form = fits.text("TFORM\(number)") ?? ""
    let start = fits.number("TBCOL\(number)") ?? 1
    nullText = fits.isASCII ? fits.text("TNULL\(number)") : nil
    scale = fits.real("TSCAL\(number)") ?? 1
    zero = fits.real("TZERO\(number)") ?? 0
    impliedDigits = form.split(separator: ".").dropFirst().first.flatMap { Int($0) } ?? 0
    guard !fits.isASCII || (start >= 1 && start - 1 <= fits.rowBytes - characters) else { return nil }
    offset = fits.isASCII ? Int(start - 1) : 0
    let isSingle = fits.isASCII || (code == TSTRING ? width == repeats || repeats == 0 : repeats == 1)
    let type = fits.isASCII ? Self.textType(form, scale, zero) : Self.type(code, equivalent)
    var column = TableColumn(
      name: fits.text("TTYPE\(number)") ?? "", type: type ?? .binary, fileType: form, unit: fits.text("TUNIT\(number)"),
      ucd: fits.text("TUCD\(number)"), description: fits.text("TCOMM\(number)") ?? fits.text("TDESC\(number)"))
    column.frame = frame
    file = FileColumn(column: column, isNested: type == nil || !isSingle)
  }

  /// The type of a binary column; nil for bits, complex numbers and arrays of variable length. Integers with a scale are real
  /// numbers, in double precision; those with the offsets of unsigned types stay integers.
  private static func type(_ code: Int32, _ equivalent: Int32) -> ColumnType? {
    switch equivalent {
    case TLOGICAL: .bool
    case TSTRING: .text
    case TBYTE, TSBYTE, TSHORT, TUSHORT, TINT, TUINT, TLONG, TULONG, TLONGLONG: .int64
    case TULONGLONG: .uint64
    case TFLOAT: code == TFLOAT ? .float32 : .float64
    case TDOUBLE: .float64
    default: nil
    }
  }

  /// The type of a column in a table of text: A, I, F, E or D, each with a width.
  private static func textType(_ form: String, _ scale: Double, _ zero: Double) -> ColumnType? {
    switch form.first {
    case "A": .text
    case "I": scale == 1 && zero == 0 ? .int64 : .float64
    case "F", "E", "D": .float64
    default: nil
    }
  }
}
