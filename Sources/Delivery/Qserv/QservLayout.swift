internal import CatalogStore

/// The tables of an export as a Qserv has them: under names that it takes, with positions in degrees, divided among chunks.
struct QservLayout {
  let database: QservDatabase
  let a: CatalogueInfo
  let b: CatalogueInfo

  /// - Throws: `StoreError.usage` when the catalogues, or names, are none that Qserv could hold.
  func tables(_ tables: [ExportTable]) throws -> [ExportTable] {
    let names = QservName.distinct(tables.map(\.name))
    for name in names where name.utf8.count + database.name.utf8.count > QservDatabase.longestNames {
      throw StoreError(
        .usage, database.name,
        "and the table \(name) have more than \(QservDatabase.longestNames) characters together, the most of Qserv; give "
          + "a shorter --database, or rename the catalogue with `xmdb rename`")
    }
    return try zip(tables, names).map { table, name in
      var table = table
      table.name = name
      let columns = QservName.distinct(table.columns.map(\.name), taken: QservPlacing.reservedColumns)
      for (place, column) in columns.enumerated() { table.columns[place].name = column }
      table.placing = try placing(of: &table)
      return table
    }
  }

  private func placing(of table: inout ExportTable) throws -> QservPlacing {
    switch table.table {
    case .matches:
      let first = degrees(.catalogueA(1), .catalogueA(2), as: ("a_ra_deg", "a_dec_deg"), in: &table)
      let second = degrees(.catalogueB(1), .catalogueB(2), as: ("b_ra_deg", "b_dec_deg"), in: &table)
      return try placing(of: table, first, second)
    case .nonmatches:
      let isA = table.rowidA != nil
      let own: (ExportColumn.Source, ExportColumn.Source) =
        isA ? (.catalogueA(1), .catalogueA(2)) : (.catalogueB(1), .catalogueB(2))
      let position = degrees(own.0, own.1, as: ("ra_deg", "dec_deg"), in: &table)
      let (info, key) = (isA ? a : b, table.columns[0].name)
      try requireIdentifiers(of: info)
      return QservPlacing(
        kind: (isA ? database.directorA : database.directorB).map { .child(of: $0, key: key) }
          ?? .director(key: key, isUnique: info.duplicateIDs == 0),
        partition: database.partition, position: position, second: nil, positionColumns: names(of: position, in: table))
    case .pairs:
      guard let directorA = database.directorA, let directorB = database.directorB else {
        throw StoreError(
          .usage, "--pairs",
          "needs the tables of both catalogues in Qserv, --director-a and --director-b: a pair belongs to an object of each"
        )
      }
      for info in [a, b] { try requireDegrees(of: info) }
      return QservPlacing(
        kind: .match(of: directorA, key: table.columns[0].name, and: directorB, key2: table.columns[1].name),
        partition: database.partition, position: .init(ra: .catalogueA(1), dec: .catalogueA(2)),
        second: .init(ra: .catalogueB(1), dec: .catalogueB(2)), positionColumns: nil)
    }
  }

  private func placing(
    of table: ExportTable, _ first: QservPlacing.Position, _ second: QservPlacing.Position
  ) throws -> QservPlacing {
    let keys = (
      table.columns[0].name, table.columns.first { $0.source == .catalogueB(0) }?.name ?? table.columns[0].name
    )
    for info in [a, b] { try requireIdentifiers(of: info) }
    func one(_ kind: QservPlacing.Kind, _ position: QservPlacing.Position) -> QservPlacing {
      QservPlacing(
        kind: kind, partition: database.partition, position: position, second: nil,
        positionColumns: names(of: position, in: table))
    }
    switch (database.directorA, database.directorB) {
    case (let directorA?, let directorB?):
      return QservPlacing(
        kind: .match(of: directorA, key: keys.0, and: directorB, key2: keys.1), partition: database.partition,
        position: first, second: second, positionColumns: names(of: first, in: table))
    case (let director?, nil): return one(.child(of: director, key: keys.0), first)
    case (nil, let director?): return one(.child(of: director, key: keys.1), second)
    case (nil, nil): return one(.director(key: keys.0, isUnique: a.duplicateIDs == 0), first)
    }
  }

  /// Lets the columns of a position hold it in degrees from 0 to 360, as the result has it, whatever the catalogue has.
  private func degrees(
    _ ra: ExportColumn.Source, _ dec: ExportColumn.Source, as names: (String, String), in table: inout ExportTable
  ) -> QservPlacing.Position {
    let position = QservPlacing.Position(
      ra: .result(table.table.place(of: names.0)), dec: .result(table.table.place(of: names.1)))
    for (own, source) in [(ra, position.ra), (dec, position.dec)] {
      for place in table.columns.indices where table.columns[place].source == own {
        table.columns[place].source = source
        table.columns[place].unit = "deg"
      }
    }
    return position
  }

  private func names(of position: QservPlacing.Position, in table: ExportTable) -> (ra: String, dec: String)? {
    guard let ra = table.columns.first(where: { $0.source == position.ra }),
      let dec = table.columns.first(where: { $0.source == position.dec })
    else { return nil }
    return (ra.name, dec.name)
  }

  // MARK: What Qserv needs

  private func requireIdentifiers(of info: CatalogueInfo) throws {
    guard info.nullIDs > 0 else { return }
    throw StoreError(
      .usage, info.name,
      "has \(info.nullIDs) sources without an identifier, which Qserv needs of each; ingest it with a column that has one "
        + "for each (--map id=COLUMN), or with none")
  }

  private func requireDegrees(of info: CatalogueInfo) throws {
    for role in ["ra", "dec"] {
      let unit = info.roles.first { $0.role == role }?.unit ?? ""
      let type = info.columns.first { $0.name == info.column(role: role) }?.type
      if (unit == "deg" || unit.isEmpty) && type != "text" { continue }
      throw StoreError(
        .usage, info.name,
        "has its positions in \(unit)\(type == "text" ? " as texts" : ""); --pairs for Qserv needs numbers of degrees: leave "
          + "--pairs out")
    }
  }
}
