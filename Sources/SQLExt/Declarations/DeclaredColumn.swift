/// A column of a virtual table as SQLite numbers them.
enum DeclaredColumn {
  /// A visible column; −1 is the rowid.
  case column(Int)
  /// An argument, which is a hidden column.
  case argument(Int)
  /// What SQLite takes for one argument more than there are, before it would take the former name of a column for one.
  case surplus
}
