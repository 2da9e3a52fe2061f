; Inno Setup 6: ISCC /DVersion=0.1.0 /DBundle=...\cnngui /DOutput=... /DName=cnngui-... installer\windows\cnngui.iss
; For one person and without administrator rights, unless started with /ALLUSERS. An older version in the same
; place is replaced; what the person made lies in %LOCALAPPDATA%\cnngui and is never touched.

[Setup]
AppId={{6C1E0C0B-6E5B-4E0E-9B53-0E2C3B8C3A5D}
AppName=cnngui
AppVersion={#Version}
AppPublisher=The makers of cnngui
DefaultDirName={autopf}\cnngui
DefaultGroupName=cnngui
DisableProgramGroupPage=yes
DisableDirPage=auto
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
Compression=lzma2/max
SolidCompression=yes
OutputDir={#Output}
OutputBaseFilename={#Name}
SetupIconFile={#Icons}\cnngui.ico
UninstallDisplayIcon={app}\cnngui-window.exe
LicenseFile=..\..\LICENSE
WizardStyle=modern
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
#ifdef SignTool
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: path; Description: "Let the command “cnngui” be found in terminals"; Flags: unchecked

[InstallDelete]
; Libraries of an older version must not lie beside the new ones.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\cnngui"; Filename: "{app}\cnngui-window.exe"
Name: "{autodesktop}\cnngui"; Filename: "{app}\cnngui-window.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.safetensors\OpenWithProgids"; ValueType: string; ValueName: "cnngui.model"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\cnngui.model"; ValueType: string; ValueData: "Trained network"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\cnngui.model\DefaultIcon"; ValueType: string; ValueData: "{app}\cnngui-window.exe,0"
Root: HKA; Subkey: "Software\Classes\cnngui.model\shell\open\command"; ValueType: string; ValueData: """{app}\cnngui-window.exe"" ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: NotOnPath

[Run]
Filename: "{app}\cnngui-window.exe"; Description: "{cm:LaunchProgram,cnngui}"; Flags: nowait postinstall skipifsilent

[Code]
function Path(): String;
begin
  if not RegQueryStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Result) then
    Result := '';
end;

function NotOnPath(): Boolean;
begin
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Path()) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Entries: String;
begin
  if Step <> usPostUninstall then
    exit;
  Entries := Path();
  if StringChangeEx(Entries, ';' + ExpandConstant('{app}'), '', True) > 0 then
    RegWriteExpandStringValue(HKEY_CURRENT_USER, 'Environment', 'Path', Entries);
  if not UninstallSilent() then
    MsgBox('cnngui is removed. Your projects, networks and settings are still in ' +
      ExpandConstant('{localappdata}\cnngui') + '.', mbInformation, MB_OK);
end;
