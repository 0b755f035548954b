using System.Collections.Concurrent;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Dayu.Tests;

/// <summary>How someone comes to the page.</summary>
sealed record Visitor(string Language = "en-US", int Width = 1280, int Height = 800, bool Dark = false, bool Touch = false);

/// <summary>Someone at the page: what they do, what they see, and what went wrong behind it.</summary>
sealed class Visit : IAsyncDisposable
{
    readonly ConcurrentQueue<string> faults = [];
    readonly IBrowserContext context;

    Visit(IBrowserContext context, IPage page)
    {
        this.context = context;
        Page = page;
    }

    public IPage Page { get; }

    public ILocator Box => Page.Locator("#box");

    public ILocator Send => Page.Locator("#send");

    /// <summary>The question and the answer at the end.</summary>
    public ILocator Last => Page.Locator(".turn").Last;

    public ILocator Answer => Last.Locator(".answer > .prose");

    public ILocator Notice => Page.GetByRole(AriaRole.Alert);

    public ILocator Status => Page.Locator("#status");

    public static async Task<Visit> To(string address, Browser browser, Visitor? visitor = null)
    {
        visitor ??= new();
        SetDefaultExpectTimeout((float)Browser.Patience.TotalMilliseconds);
        var context = await (await browser.Chromium()).NewContextAsync(new()
        {
            Locale = visitor.Language, ViewportSize = new() { Width = visitor.Width, Height = visitor.Height },
            ColorScheme = visitor.Dark ? ColorScheme.Dark : ColorScheme.Light, HasTouch = visitor.Touch, IsMobile = visitor.Touch,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout((float)Browser.Patience.TotalMilliseconds);
        var visit = new Visit(context, await context.NewPageAsync());
        visit.Watch(new Uri(address));
        await visit.Page.GotoAsync(address);
        await Expect(visit.Box).ToBeVisibleAsync();
        return visit;
    }

    void Watch(Uri address)
    {
        Page.Console += (_, m) =>
        {
            if (m.Type is "error" or "warning") faults.Enqueue($"console: {m.Text}");
        };
        Page.PageError += (_, e) => faults.Enqueue($"error: {e}");
        Page.Request += (_, r) =>
        {
            if (!r.Url.StartsWith("data:", StringComparison.Ordinal) && new Uri(r.Url).Authority != address.Authority)
                faults.Enqueue($"asked elsewhere: {r.Url}");
        };
    }

    /// <summary>Writes a question and sends it with Enter.</summary>
    public async Task Ask(string question)
    {
        await Box.FillAsync(question);
        await Box.PressAsync("Enter");
    }

    /// <summary>The answer at the end is over.</summary>
    public Task Ended() => Expect(Last.Locator("footer")).ToBeVisibleAsync();

    public async Task Press(params string[] keys)
    {
        foreach (var key in keys) await Page.Keyboard.PressAsync(key);
    }

    /// <summary>Nothing scrolls sideways.</summary>
    public async Task Fits()
    {
        var over = await Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(over <= 0, $"the page is {over} pixels wider than its window");
    }

    /// <summary>No error on the console, no request to anyone else, but what a test expects: a browser logs every refusal.</summary>
    public void IsClean(params string[] expected)
    {
        string[] left = [.. faults.Where(f => !expected.Any(e => f.Contains(e, StringComparison.Ordinal)))];
        Assert.True(left.Length == 0, string.Join('\n', left));
    }

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
