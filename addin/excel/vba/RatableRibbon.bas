Option Explicit

' The ribbon: what a button does, and how its answer is put into the workbook.

Private Const FIRST_ROW As Long = 4          ' of a table on a sheet of ours, below title and link
Private Const WIDEST As Double = 60

Public Sub RatablePress(ByVal control As IRibbonControl)
    RatableDo control.ID
End Sub

' Every button ends here; a failure is told in a box that says what to do.
Public Sub RatableDo(ByVal button As String)
    On Error GoTo Failed
    Select Case button
        Case "New": NewBook
        Case "Refresh": Refresh
        Case "ClosePack": WriteClosePack
        Case "ClosePeriod": ClosePeriod
        Case "ReopenPeriod": ReopenPeriod
        Case "Why": LookInto "Why"
        Case "DrillDown": LookInto "DrillDown"
        Case "Freeze": FreezeToValues
        Case "Help": ShowAnswer Pressed("Help", "", Empty)
        Case Else: ShowAnswer Pressed(button, BookText(), Empty)
    End Select
    Exit Sub

Failed:
    MsgBox Err.Description, vbExclamation, RATABLE_TITLE
End Sub

' ---- buttons

Private Sub NewBook()
    Dim path As Variant

    path = Application.GetSaveAsFilename("Revenue book.xlsx", "Excel workbook (*.xlsx), *.xlsx", , "A new book")
    If VarType(path) = vbString Then ShowAnswer Pressed("New", "", path)
End Sub

Private Sub Refresh()
    RatableRetry
    Application.StatusBar = False
    CalculateAnew OpenWorkbook()
End Sub

Private Sub WriteClosePack()
    Dim path As Variant
    Dim book As String

    book = BookText()
    path = Application.GetSaveAsFilename("Close pack.xlsx", "Excel workbook (*.xlsx), *.xlsx", , "Close pack")
    If VarType(path) = vbString Then ShowAnswer Pressed("ClosePack", book, path)
End Sub

' The period, its checklist, who accepts what fails and why; then pack and record are written.
Private Sub ClosePeriod()
    Dim home As Workbook
    Dim book As String
    Dim period As String
    Dim found As Variant
    Dim who As String
    Dim reason As String

    Set home = SavedWorkbook()
    If home Is Nothing Then Exit Sub
    RatableForget home
    book = BookText()
    found = Pressed("ClosePeriod", book, Empty)
    period = InputBox("Period to close:", RATABLE_TITLE, found(0, 1))
    If Len(period) = 0 Then Exit Sub
    found = Pressed("ClosePeriod", book, Array(period))
    who = Application.UserName
    If Len(found(0, 2)) = 0 Then
        If MsgBox(found(0, 1) & vbLf & vbLf & "Close " & period & "? The close pack is written beside the workbook.", _
            vbOKCancel + vbQuestion, RATABLE_TITLE) <> vbOK Then Exit Sub
    Else
        If MsgBox(found(0, 1) & vbLf & vbLf & "OK: somebody takes responsibility for what fails, with name and " & _
            "reason. Cancel: mend it first.", vbOKCancel + vbExclamation, RATABLE_TITLE) <> vbOK Then Exit Sub
        who = InputBox("Who accepts " & found(0, 2) & "?", RATABLE_TITLE, who)
        If Len(who) = 0 Then Exit Sub
        reason = InputBox("Why can " & period & " be closed all the same?", RATABLE_TITLE)
        If Len(reason) = 0 Then Exit Sub
    End If
    found = Pressed("ClosePeriod", book, Array(period, who, found(0, 2), reason))
    CalculateAnew home
    ShowAnswer found
End Sub

' The last closed period is opened again; who, when and why is recorded.
Private Sub ReopenPeriod()
    Dim home As Workbook
    Dim book As String
    Dim period As String
    Dim who As String
    Dim reason As String
    Dim found As Variant

    Set home = OpenWorkbook()
    RatableForget home
    book = BookText()
    found = Pressed("ReopenPeriod", book, Empty)
    period = InputBox("Period to open again; only the last closed one can be:", RATABLE_TITLE, found(0, 1))
    If Len(period) = 0 Then Exit Sub
    who = InputBox("Who opens " & period & " again?", RATABLE_TITLE, Application.UserName)
    If Len(who) = 0 Then Exit Sub
    reason = InputBox("Why?", RATABLE_TITLE)
    If Len(reason) = 0 Then Exit Sub
    found = Pressed("ReopenPeriod", book, Array(period, who, reason))
    CalculateAnew home
    ShowAnswer found
End Sub

' What is closed is what the file holds. Nothing if the user does not want it saved.
Private Function SavedWorkbook() As Workbook
    Dim home As Workbook

    Set home = OpenWorkbook()
    If Len(home.Path) > 0 And Not home.Saved Then
        If MsgBox("The workbook has changes that are not saved. Save them, then close the period?", _
            vbOKCancel + vbQuestion, RATABLE_TITLE) <> vbOK Then Exit Function
        home.Save
    End If
    Set SavedWorkbook = home
End Function

Private Sub CalculateAnew(ByVal home As Workbook)
    RatableForget home
    Application.CalculateFull
End Sub

' Why? and Drill down: the calls in the formula of the selected cell, and which cell of their answer it shows.
Private Sub LookInto(ByVal button As String)
    Dim cell As Range
    Dim home As Range
    Dim figure As Variant

    Set cell = SelectedCell()
    If button = "Why" And IsError(cell.Value2) Then
        MsgBox RatableReason(cell), vbInformation, RATABLE_TITLE & " - " & cell.Address(False, False)
        Exit Sub
    End If
    Set home = FormulaCell(cell)
    figure = cell.Value2
    ShowAnswer Pressed(button, "", Array(RatableCallsIn(home), cell.Row - home.Row, cell.Column - home.Column, _
        OpenWorkbook().Date1904))
    LinkBack cell
    If button = "DrillDown" Then FootTo cell, figure
End Sub

' A copy, so that the formulas themselves are still there.
Private Sub FreezeToValues()
    Dim sheet As Worksheet

    If TypeName(ActiveSheet) <> "Worksheet" Then RatableFail "Select a worksheet first."
    ActiveSheet.Copy
    Set sheet = ActiveSheet
    sheet.UsedRange.Value2 = sheet.UsedRange.Value2
    MsgBox "This copy holds values in place of formulas and can be sent to anyone. The workbook it comes from is " & _
        "as it was.", vbInformation, RATABLE_TITLE
End Sub

' ---- asking

Private Function BookText() As String
    BookText = Checked(RatableBookIn(OpenWorkbook()))
End Function

Private Function Pressed(ByVal button As String, ByVal book As String, ByVal details As Variant) As Variant
    Dim workbookName As String

    If Not ActiveWorkbook Is Nothing Then workbookName = ActiveWorkbook.FullName
    Pressed = Checked(RatableCall("press", Array(button, book, workbookName, details)))
End Function

' An answer that is no error; an error is raised with its reason.
Private Function Checked(ByVal answer As Variant) As Variant
    If VarType(answer) = vbString Then
        If Left$(answer, Len(RATABLE_MARK)) = RATABLE_MARK Then
            RatableFail Mid$(answer, InStr(answer, "|") + 1)
        End If
    End If
    Checked = answer
End Function

Private Function OpenWorkbook() As Workbook
    If ActiveWorkbook Is Nothing Then
        RatableFail "Open the workbook with your tables first, or press New."
    End If
    Set OpenWorkbook = ActiveWorkbook
End Function

Private Function SelectedCell() As Range
    If TypeName(Selection) <> "Range" Then
        RatableFail "Select a cell first."
    End If
    Set SelectedCell = ActiveCell
End Function

' The cell whose formula fills `cell`: itself, the first one of an array, or the one it spills from.
Private Function FormulaCell(ByVal cell As Range) As Range
    Dim anyVersion As Object      ' SpillParent is not there before Excel 365

    Set FormulaCell = cell
    If cell.HasArray Then
        Set FormulaCell = cell.CurrentArray.Cells(1, 1)
    ElseIf Not cell.HasFormula Then
        On Error Resume Next
        Set anyVersion = cell
        Set FormulaCell = anyVersion.SpillParent
        On Error GoTo 0
    End If
End Function

' ---- answers

' A table: "sheet", name and title in its first row, number formats in the second, then header and rows.
' Or a file to open: "file", path and a text. Or "told" and a text.
Private Sub ShowAnswer(ByVal answer As Variant)
    If answer(0, 0) = "file" Then
        Workbooks.Open answer(0, 1)
        If Len(answer(0, 2)) > 0 Then MsgBox answer(0, 2), vbInformation, RATABLE_TITLE
    ElseIf answer(0, 0) = "told" Then
        MsgBox answer(0, 1), vbInformation, RATABLE_TITLE
    Else
        AddSheet answer(0, 1), answer(0, 2), answer
    End If
End Sub

Private Sub AddSheet(ByVal wanted As String, ByVal title As String, ByVal answer As Variant)
    Dim sheet As Worksheet
    Dim block As Range
    Dim across As Long
    Dim width As Long

    With OpenWorkbook()
        Set sheet = .Worksheets.Add(After:=.Sheets(.Sheets.Count))
    End With
    sheet.Name = FreeName(sheet.Parent, wanted)
    sheet.Range("A1").Value2 = title
    sheet.Range("A1").Font.Bold = True
    sheet.Range("A1").Font.Size = 14
    Do While width <= UBound(answer, 2)
        If Len(answer(1, width)) = 0 Then Exit Do
        width = width + 1
    Loop
    Set block = sheet.Cells(FIRST_ROW, 1).Resize(UBound(answer, 1) - 1, width)
    For across = 1 To width
        block.Columns(across).NumberFormat = answer(1, across - 1)   ' before the values: ids and texts stay as they are
    Next across
    block.Value2 = Lines(answer, width)
    block.Rows(1).Font.Bold = True
    block.Columns.AutoFit
    For across = 1 To width
        If block.Columns(across).ColumnWidth > WIDEST Then block.Columns(across).ColumnWidth = WIDEST
    Next across
End Sub

' Header and rows of an answer.
Private Function Lines(ByVal answer As Variant, ByVal width As Long) As Variant
    Dim found() As Variant
    Dim down As Long
    Dim across As Long

    ReDim found(1 To UBound(answer, 1) - 1, 1 To width)
    For down = 2 To UBound(answer, 1)
        For across = 1 To width
            found(down - 1, across) = answer(down, across - 1)
        Next across
    Next down
    Lines = found
End Function

Private Function FreeName(ByVal target As Workbook, ByVal wanted As String) As String
    Dim number As Long
    Dim base As String
    Dim mark As Variant

    base = wanted
    For Each mark In Array(":", "\", "/", "?", "*", "[", "]")
        base = Replace(base, mark, "-")
    Next mark
    FreeName = Left$(base, 31)
    number = 1
    Do While HasSheet(target, FreeName)
        number = number + 1
        FreeName = Left$(base, 26) & " " & number
    Loop
End Function

Private Function HasSheet(ByVal target As Workbook, ByVal wanted As String) As Boolean
    Dim sheet As Object

    For Each sheet In target.Sheets
        If LCase$(sheet.Name) = LCase$(wanted) Then HasSheet = True
    Next sheet
End Function

Private Sub LinkBack(ByVal cell As Range)
    With ActiveSheet
        .Hyperlinks.Add Anchor:=.Range("A2"), Address:="", _
            SubAddress:="'" & Replace(cell.Worksheet.Name, "'", "''") & "'!" & cell.Address(False, False), _
            TextToDisplay:="Back to " & cell.Worksheet.Name & "!" & cell.Address(False, False)
    End With
End Sub

' Below the rows their sum, the figure they came from, and the difference, which is zero.
Private Sub FootTo(ByVal cell As Range, ByVal figure As Variant)
    Dim foot As Range
    Dim last As Long

    last = ActiveSheet.UsedRange.Row + ActiveSheet.UsedRange.Rows.Count - 1
    Set foot = ActiveSheet.Cells(last + 1, 6)
    foot.Resize(3, 1).NumberFormat = "#,##0.00_);(#,##0.00);""-""_)"
    If last > FIRST_ROW Then
        foot.Formula = "=SUM(F" & FIRST_ROW + 1 & ":F" & last & ")"
    Else
        foot.Value2 = 0
    End If
    foot.Offset(1, 0).Formula = "='" & Replace(cell.Worksheet.Name, "'", "''") & "'!" & cell.Address(False, False)
    foot.Offset(2, 0).Formula = "=ROUND(F" & last + 1 & "-F" & last + 2 & ",4)"
    foot.Offset(0, -1).Value2 = "total"
    foot.Offset(1, -1).Value2 = "cell"
    foot.Offset(2, -1).Value2 = "difference"
    foot.Font.Bold = True
End Sub
