using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Dayu.Tests.Browser))]

namespace Dayu.Tests;

/// <summary>A Chromium of this machine, started when the first test needs it, and one for all.</summary>
public sealed class Browser : IAsyncLifetime
{
    static readonly string[] places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    readonly SemaphoreSlim starting = new(1);
    IPlaywright? playwright;
    IBrowser? chromium;

    /// <summary>How long a test waits for what has to come; machines under load are slow.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The browser; skips the test where there is none.</summary>
    internal async Task<IBrowser> Chromium()
    {
        var named = Environment.GetEnvironmentVariable("DAYU_CHROMIUM");
        var path = named is { Length: > 0 } ? named : places.FirstOrDefault(File.Exists);
        if (path is null || !File.Exists(path)) Assert.Skip("no Chromium on this machine: install it, or name one with DAYU_CHROMIUM");
        await starting.WaitAsync(Patience);
        try
        {
            playwright ??= await Playwright.CreateAsync();
            return chromium ??= await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Args = ["--no-sandbox"] });
        }
        finally
        {
            starting.Release();
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
        starting.Dispose();
    }
}
