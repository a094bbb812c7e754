@echo off
setlocal
if not exist "%~dp0queuedesk\queuedesk.exe" goto packed
"%~dp0queuedesk\queuedesk.exe" -m windows_setup install %*
exit /b %errorlevel%
:packed
chcp 65001 >nul
echo Please extract the whole zip file first, then start install.cmd in the new folder.
echo 请先解压整个压缩文件，再运行新文件夹里的 install.cmd。
pause
exit /b 1
