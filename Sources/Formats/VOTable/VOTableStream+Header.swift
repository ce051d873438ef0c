// What stands before and after the rows: fields, groups, coordinate systems, where the data are.

extension VOTableStream {
  private static let mostFields = 10_000
  private static let mostTables = 10_000

  func startHeader(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "VOTABLE" {
      isVOTable = true
    } else if name == "TABLE" {
      guard tables.count < Self.mostTables else {
        return fail(.unsupported, "it has more than \(Self.mostTables) tables")
      }
      tables.append(Table(id: attributes["ID"], name: attributes["name"]))
      (part, isInTable, isInField, isInDescription) = (.header, true, false, false)
    } else if name == "FIELD", isInTable {
      addField(attributes)
    } else if name == "VALUES", isInField {
      tables[tables.count - 1].fields[tables[tables.count - 1].fields.count - 1].nullText = attributes["null"]
    } else if name == "DESCRIPTION", isInField {
      (isInDescription, description) = (true, [])
    } else if name == "COOSYS" {
      frames.addSystem(attributes)
    } else if name == "GROUP" {
      frames.beginGroup(attributes)
    } else if name == "FIELDref" {
      frames.addReference(attributes)
    } else if name == "PARAM" {
      frames.addParameter(attributes)
    } else if name == "INFO" {
      if attributes["name"] == "QUERY_STATUS", let value = attributes["value"] { queryStatus = value }
    } else if isInTable {
      startData(name, attributes)
    }
  }

  private func addField(_ attributes: XMLAttributes) {
    let table = tables.count - 1
    guard tables[table].fields.count < Self.mostFields else {
      return fail(.unsupported, "a table has more than \(Self.mostFields) fields")
    }
    guard let field = VOTableField(attributes) else {
      let type = [attributes["datatype"] ?? "none", attributes["arraysize"] ?? ""].joined(separator: " ")
      return fail(
        .damaged,
        "line \(line): field '\(attributes["name"] ?? "")' has the datatype \(type), which VOTable does not know")
    }
    tables[table].fields.append(field)
    isInField = true
  }

  private func startData(_ name: XMLName, _ attributes: XMLAttributes) {
    if name == "TABLEDATA" {
      tables[tables.count - 1].isText = true
      beginData(.cells)
    } else if name == "BINARY" || name == "BINARY2" {
      binary = VOTableBinaryRows(tables[tables.count - 1].fields, hasFlags: name == "BINARY2")
    } else if name == "STREAM" {
      startStream(attributes)
    } else if name == "FITS" || name == "PARQUET" {
      part = .ignored
      fail(.unsupported, "its data are in a \(name.string) file beside it, which is not read; ingest that file")
    }
  }

  private func startStream(_ attributes: XMLAttributes) {
    if let address = attributes["href"] {
      return fail(.unsupported, "its data are elsewhere, at \(address), and are not fetched; write them into the file")
    }
    guard attributes["encoding"] == nil || attributes["encoding"] == "base64" else {
      return fail(.unsupported, "its data are encoded as \(attributes["encoding"] ?? ""); base64 is read")
    }
    beginData(.binary)
  }

  func endHeader(_ name: XMLName) {
    if name == "FIELD" {
      isInField = false
    } else if name == "DESCRIPTION", isInDescription {
      isInDescription = false
      let words = String(decoding: description, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      let table = tables.count - 1
      if !words.isEmpty {
        tables[table].fields[tables[table].fields.count - 1].description = words.joined(separator: " ")
      }
    } else if name == "GROUP" {
      frames.endGroup()
    } else if name == "TABLE" {
      if wantsTable { finish() }
      (part, isInTable, binary) = (.outside, false, nil)
    }
  }

  private func finish() {
    hasEnded = true
    suspend()
  }
}
