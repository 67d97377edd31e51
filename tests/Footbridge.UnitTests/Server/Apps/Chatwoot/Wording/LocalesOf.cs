using Footbridge.Server.Apps.Chatwoot;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Microsoft.Extensions.Logging;

namespace Footbridge.UnitTests.Server.Apps.Chatwoot.Wording;

/// <summary>The product's languages with an operator's own, and the warnings that came of it.</summary>
internal sealed class LocalesOf : ILogger<Locales>
{
    /// <param name="own">Code and YAML of each.</param>
    public LocalesOf(TimeProvider? time = null, params (string Code, string Yaml)[] own) =>
        Locales = new(own.ToDictionary(file => file.Code, file => LocaleFile.Read(new StringReader(file.Yaml)), StringComparer.Ordinal), time ?? TimeProvider.System, this);

    public Locales Locales { get; }

    public List<string> Warnings { get; } = [];

    /// <summary>American English as it comes.</summary>
    public static Words English { get; } = new LocalesOf().Words("en-US");

    public Words Words(string locale, params (string Key, string Text)[] own) => Locales.Open(Config(locale, own));

    public static ChatwootConfig Config(string locale, params (string Key, string Text)[] own) =>
        new("https://chat.example", 1, "t", 1, "i", "created_newest", null, false, false, locale, own.ToDictionary(text => text.Key, text => text.Text, StringComparer.Ordinal), SendingConfig.Read([]));

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Warnings.Add(formatter(state, exception));
}
