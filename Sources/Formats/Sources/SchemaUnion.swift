/// The columns of a source over all its files.
///
/// Files are added in order. A column of a file is the column of the same name, else of the same letters in another Unicode
/// form, else of the same name but for case; a name that is new makes a new column, which the files before lack.
struct SchemaUnion {
  /// The columns, in the order in which they were met.
  private(set) var columns: [UnitedColumn] = []
  /// Names of columns that only mask others.
  private(set) var maskNames: [String] = []
  /// Where the columns of a file are, for each kind of file.
  private(set) var layouts: [FileLayout] = []

  private var byBytes: [ExactName: [Int]] = [:]
  private var byLetters: [String: [Int]] = [:]
  private var byFolded: [String: [Int]] = [:]
  private var knownLayouts: [FileLayout: Int] = [:]
  private var knownMasks: Set<ExactName> = []

  /// Adds a file.
  /// - Returns: The index of its layout.
  mutating func add(_ file: [FileColumn], path: String) -> Int {
    let masks = ColumnMasks(file)
    var layout = FileLayout()
    var claimed: Set<Int> = []
    let wanted = file.indices.filter { !masks.isMask($0) }
    var places = wanted.map { claim(byBytes[ExactName(file[$0].column.name)], &claimed) }
    for (index, position) in wanted.enumerated() where places[index] == nil {
      let name = file[position].column.name
      places[index] = claim(byLetters[name], &claimed) ?? claim(byFolded[ColumnNames.folded(name)], &claimed)
    }
    for (place, position) in zip(places, wanted) {
      if let place { columns[place].unite(file[position], path: path) }
      layout.set(place ?? append(file[position], path), column: position, mask: masks.mask(of: position))
    }
    for mask in masks.all where knownMasks.insert(ExactName(file[mask].column.name)).inserted {
      maskNames.append(file[mask].column.name)
    }
    return intern(layout)
  }

  /// The first of these columns that the file has not got yet.
  private func claim(_ candidates: [Int]?, _ claimed: inout Set<Int>) -> Int? {
    guard let free = candidates?.first(where: { !claimed.contains($0) }) else { return nil }
    claimed.insert(free)
    return free
  }

  private mutating func append(_ column: FileColumn, _ path: String) -> Int {
    let index = columns.count
    let name = column.column.name
    columns.append(UnitedColumn(column, path: path))
    byBytes[ExactName(name), default: []].append(index)
    byLetters[name, default: []].append(index)
    byFolded[ColumnNames.folded(name), default: []].append(index)
    return index
  }

  private mutating func intern(_ layout: FileLayout) -> Int {
    if let known = knownLayouts[layout] { return known }
    knownLayouts[layout] = layouts.count
    layouts.append(layout)
    return layouts.count - 1
  }
}

/// Where the columns of a source are in a file.
struct FileLayout: Hashable, Sendable {
  /// Positions in the file by column; −1, or no entry, where the file lacks it.
  private var columns: [Int32] = []
  /// Positions of the columns that mask them; −1 for none.
  private var masks: [Int32] = []

  mutating func set(_ index: Int, column: Int, mask: Int?) {
    while columns.count <= index {
      columns.append(-1)
      masks.append(-1)
    }
    columns[index] = Int32(column)
    masks[index] = mask.map { Int32($0) } ?? -1
  }

  /// Where a column's values come from.
  func origin(_ index: Int) -> WantedColumn.Origin {
    guard index < columns.count, columns[index] >= 0 else { return .constant(nil) }
    return .file(column: Int(columns[index]), mask: masks[index] < 0 ? nil : Int(masks[index]))
  }
}

/// The columns of a file that only say where others have no value: bools named `X.mask` beside a column `X`, as astropy
/// writes them.
struct ColumnMasks {
  private var maskOf: [Int: Int] = [:]
  private var masks: Set<Int> = []
  private static let ending = ".mask"

  init(_ columns: [FileColumn]) {
    var positions: [ExactName: Int] = [:]
    for (index, column) in columns.enumerated() { positions[ExactName(column.column.name)] = index }
    for (index, column) in columns.enumerated() {
      let name = column.column.name
      guard column.column.type == .bool, !column.isNested, name.hasSuffix(Self.ending) else { continue }
      guard let masked = positions[ExactName(String(name.dropLast(Self.ending.count)))] else { continue }
      maskOf[masked] = index
      masks.insert(index)
    }
  }

  /// Their positions, in order.
  var all: [Int] { masks.sorted() }

  func isMask(_ position: Int) -> Bool { masks.contains(position) }

  /// The position of the column that masks another.
  func mask(of position: Int) -> Int? { maskOf[position] }
}
