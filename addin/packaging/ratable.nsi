; The installer for Windows: for one person, without administrator rights, over an older version, and away again without a trace.
; Compiled by `python -m addin.packaging installer`, on Linux or Windows, which gives VERSION, BUNDLE, FILES, OUT.
;
; Ended at any moment, the older version still runs or this one does, or - within the few milliseconds of the exchange - running it again mends
; it. Only files that an installer listed are ever deleted.
Unicode true
Target amd64-unicode
!define NAME "Ratable"
!define EXCEL "Software\Microsoft\Office\16.0\Excel"       ; Excel 2016, 2019, 2021, 2024 and Microsoft 365
!define UNINSTALL "Software\Microsoft\Windows\CurrentVersion\Uninstall\${NAME}"
!define ADDIN "_internal\workbook_templates\ratable.xlam"
!define ADDIN_TAIL '\ratable.xlam"'
!define MOST 1000                                          ; OPEN values looked at
!define IN_USE 3                                           ; exit code: nothing was changed, programs are running
!define FOLDER "$LOCALAPPDATA\Programs\${NAME}"

Name "${NAME}"
OutFile "${OUT}"
InstallDir "${FOLDER}"
RequestExecutionLevel user
SetCompressor /SOLID lzma
SetDateSave off
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow
ManifestDPIAware true
ManifestSupportedOS Win10
BrandingText "${NAME} ${VERSION}"
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${NAME}"
VIAddVersionKey "FileDescription" "${NAME} Setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "${NAME}"
!include MUI2.nsh
!include LogicLib.nsh
!include FileFunc.nsh
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEPAGE_TEXT "This installs ${NAME} ${VERSION} for you alone, without administrator rights, and adds it to Excel. Please close Excel first.$\r$\n$\r$\n\
Nothing you enter into ${NAME} ever leaves this computer."
!define MUI_FINISHPAGE_RUN "$INSTDIR\RatableDesktop.exe"
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Excel opens the add-ins named by the values OPEN, OPEN1, OPEN2 ..., and stops at the first that is missing. $0: name of number $2
!macro NameOfOpen
  ${If} $2 = 0
    StrCpy $0 "OPEN"
  ${Else}
    StrCpy $0 "OPEN$2"
  ${EndIf}
!macroend

; Is $1, what an OPEN value holds, ours? $R1 = 1 if so
!macro IsOurs
  StrLen $R2 '${ADDIN_TAIL}'
  StrCpy $R3 $1 "" -$R2
  StrCpy $R1 0
  ${If} $R3 == '${ADDIN_TAIL}'                             ; compares without regard to case
    StrCpy $R1 1
  ${EndIf}
!macroend

; Take every value of ours away. Those behind move down by one before the last is deleted: ended in between, one add-in is named twice, which Excel
; does not mind; none is ever lost, and no gap hides the ones behind it.
!macro RemoveOpen un
Function ${un}RemoveOpen
  again:
  StrCpy $2 0
  ${Do}
    !insertmacro NameOfOpen
    ClearErrors
    ReadRegStr $1 HKCU "${EXCEL}\Options" $0
    ${If} ${Errors}
      Return
    ${EndIf}
    !insertmacro IsOurs
    ${If} $R1 = 1
      ${Do}                                                ; $0 is free to be written over
        StrCpy $4 $0
        IntOp $2 $2 + 1
        !insertmacro NameOfOpen
        ClearErrors
        ReadRegStr $1 HKCU "${EXCEL}\Options" $0
        ${If} ${Errors}
          DeleteRegValue HKCU "${EXCEL}\Options" $4
          Goto again
        ${EndIf}
        WriteRegStr HKCU "${EXCEL}\Options" $4 $1
      ${LoopUntil} $2 > ${MOST}
    ${EndIf}
    IntOp $2 $2 + 1
  ${LoopUntil} $2 > ${MOST}
FunctionEnd
!macroend
!insertmacro RemoveOpen ""
!insertmacro RemoveOpen "un."

Function AddOpen
  ; Whoever took the add-in out of the list in Excel's own dialog is not given it back by an upgrade.
  ClearErrors
  EnumRegValue $0 HKCU "${EXCEL}\Add-in Manager" 0
  StrCpy $2 0
  ${DoUntil} $0 == ""
    ${If} $0 == "$INSTDIR\${ADDIN}"
      Return
    ${EndIf}
    IntOp $2 $2 + 1
    EnumRegValue $0 HKCU "${EXCEL}\Add-in Manager" $2
  ${Loop}
  StrCpy $2 0
  ${Do}
    !insertmacro NameOfOpen
    ClearErrors
    ReadRegStr $1 HKCU "${EXCEL}\Options" $0
    ${If} ${Errors}
      WriteRegStr HKCU "${EXCEL}\Options" $0 '/R "$INSTDIR\${ADDIN}"'
      Return
    ${EndIf}
    ${If} $1 == '/R "$INSTDIR\${ADDIN}"'
      Return
    ${EndIf}
    IntOp $2 $2 + 1
  ${LoopUntil} $2 > ${MOST}
FunctionEnd

; Delete what the list in the folder $5 names, and the folders this leaves empty. Whatever else is in there stays.
!macro RemoveListed un
Function ${un}RemoveListed
  ClearErrors
  FileOpen $6 "$5\installed.txt" r
  ${If} ${Errors}
    Return
  ${EndIf}
  ${Do}
    ClearErrors
    FileRead $6 $7
    ${If} ${Errors}
      ${ExitDo}
    ${EndIf}
    StrCpy $8 $7 -2                                        ; without CR LF
    StrCpy $9 $8 1 -1
    ${If} $8 == ""
      ${Continue}
    ${ElseIf} $9 == "\"
      RMDir "$5\$8"                                        ; only if empty
    ${Else}
      Delete "$5\$8"
    ${EndIf}
  ${Loop}
  FileClose $6
  Delete "$5\installed.txt"
  RMDir "$5"
FunctionEnd
!macroend
!insertmacro RemoveListed ""
!insertmacro RemoveListed "un."

; Is a program running? A file of which one runs cannot be opened to write into.
!macro OpenToWrite file
  ${If} ${FileExists} "${file}"
    FileOpen $6 "${file}" a
    ${If} ${Errors}                                        ; asking takes the mark of the error away
      SetErrors
      Return
    ${EndIf}
    FileClose $6
  ${EndIf}
!macroend

; Give the folder _internal another name, $5, that is free. An error means that a program runs, and that nothing was changed.
!macro MoveAside un
Function ${un}MoveAside
  ClearErrors
  !insertmacro OpenToWrite "$INSTDIR\ratable.exe"
  !insertmacro OpenToWrite "$INSTDIR\RatableDesktop.exe"
  StrCpy $5 "$INSTDIR\_internal.old"
  StrCpy $2 1
  ${DoWhile} ${FileExists} "$5\*.*"
    IntOp $2 $2 + 1
    StrCpy $5 "$INSTDIR\_internal.old$2"
  ${Loop}
  ClearErrors
  Rename "$INSTDIR\_internal" "$5"                         ; fails, too, while Excel has the add-in in there open
FunctionEnd
!macroend
!insertmacro MoveAside ""
!insertmacro MoveAside "un."

!macro RefuseInUse
  MessageBox MB_OK|MB_ICONEXCLAMATION "Excel or ${NAME} is running. Close both and run this again. Nothing was changed." /SD IDOK
  SetErrorLevel ${IN_USE}
  Quit
!macroend

Function .onInit
  StrCpy $INSTDIR "${FOLDER}"                              ; where the macros in Excel look for it, so there is no choice
FunctionEnd
Function un.onInit
  StrCpy $INSTDIR "${FOLDER}"
FunctionEnd

; A file that cannot be written ends the installation, with exit code 2; the older version was not touched.
Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\_internal.new"
FunctionEnd

Section "Ratable"
  ; 1. everything beside the older version, which still runs
  RMDir /r "$INSTDIR\_internal.new"
  !include "${FILES}"                                      ; File lines, into _internal.new
  SetFileAttributes "$INSTDIR\_internal.new\workbook_templates\Ratable.xlsm" READONLY       ; so that nobody saves a book over it, which the
  SetFileAttributes "$INSTDIR\_internal.new\workbook_templates\Ratable self-test.xlsm" READONLY ; next version would replace
  SetOutPath "$TEMP"                                       ; a folder that is the current one cannot be renamed

  ; 2. the exchange
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
    Call MoveAside
    ${If} ${Errors}
      RMDir /r "$INSTDIR\_internal.new"
      !insertmacro RefuseInUse
    ${EndIf}
  ${Else}
    StrCpy $5 ""
  ${EndIf}
  ClearErrors
  Rename "$INSTDIR\_internal.new" "$INSTDIR\_internal"
  ${If} ${Errors}
    Rename "$5" "$INSTDIR\_internal"
    !insertmacro RefuseInUse
  ${EndIf}
  Delete "$INSTDIR\ratable.exe"
  Delete "$INSTDIR\RatableDesktop.exe"
  Rename "$INSTDIR\_internal\ratable.exe" "$INSTDIR\ratable.exe"
  Rename "$INSTDIR\_internal\RatableDesktop.exe" "$INSTDIR\RatableDesktop.exe"
  ${If} $5 != ""
    Call RemoveListed
  ${EndIf}

  ; 3. Windows and Excel are told
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateDirectory "$SMPROGRAMS\${NAME}"
  CreateShortCut "$SMPROGRAMS\${NAME}\${NAME}.lnk" "$INSTDIR\RatableDesktop.exe"
  CreateShortCut "$SMPROGRAMS\${NAME}\${NAME} workbook.lnk" "$INSTDIR\_internal\workbook_templates\Ratable.xlsm"
  CreateShortCut "$SMPROGRAMS\${NAME}\${NAME} self-test.lnk" "$INSTDIR\_internal\workbook_templates\Ratable self-test.xlsm"
  CreateShortCut "$SMPROGRAMS\${NAME}\${NAME} command line.lnk" "$SYSDIR\cmd.exe" '/k "set PATH=$INSTDIR;%PATH%"' "$INSTDIR\ratable.exe"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayName" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${UNINSTALL}" "DisplayIcon" "$INSTDIR\RatableDesktop.exe"
  WriteRegStr HKCU "${UNINSTALL}" "Publisher" "${NAME}"
  WriteRegStr HKCU "${UNINSTALL}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${UNINSTALL}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKCU "${UNINSTALL}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKCU "${UNINSTALL}" "NoModify" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "NoRepair" 1
  WriteRegDWORD HKCU "${UNINSTALL}" "EstimatedSize" ${KILOBYTES}
  Delete "$APPDATA\Microsoft\Excel\XLSTART\ratable.xlam"   ; of `ratable addin install`: Excel must not open it twice
  Call AddOpen
SectionEnd

Section "Uninstall"
  ${If} ${FileExists} "$INSTDIR\_internal\*.*"
    Call un.MoveAside
    ${If} ${Errors}
      !insertmacro RefuseInUse
    ${EndIf}
  ${Else}
    StrCpy $5 "$INSTDIR\_internal.old"                     ; this was ended half-way before
  ${EndIf}
  Call un.RemoveOpen
  DeleteRegValue HKCU "${EXCEL}\Add-in Manager" "$INSTDIR\${ADDIN}"
  Delete "$APPDATA\Microsoft\Excel\XLSTART\ratable.xlam"
  Delete "$APPDATA\${NAME}\desktop.json"                   ; what the window remembered
  RMDir "$APPDATA\${NAME}"
  Call un.RemoveListed
  Rename "$5" "$INSTDIR\_internal"                         ; what is left in there is a person's
  RMDir /r "$INSTDIR\_internal.new"                        ; of an installer that was ended
  Delete "$INSTDIR\ratable.exe"
  Delete "$INSTDIR\RatableDesktop.exe"
  Delete "$SMPROGRAMS\${NAME}\${NAME}.lnk"
  Delete "$SMPROGRAMS\${NAME}\${NAME} workbook.lnk"
  Delete "$SMPROGRAMS\${NAME}\${NAME} self-test.lnk"
  Delete "$SMPROGRAMS\${NAME}\${NAME} command line.lnk"
  RMDir "$SMPROGRAMS\${NAME}"
  DeleteRegKey HKCU "${UNINSTALL}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"                                         ; only if empty
SectionEnd
