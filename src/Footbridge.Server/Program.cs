using Footbridge.Jobs.Sqlite;
using Footbridge.Server;
using Footbridge.Server.Api;
using Footbridge.Server.Api.Apps;
using Footbridge.Server.Apps.Chatwoot.Wording;
using Footbridge.Server.Config;
using Footbridge.Server.Workers;

try
{
    if (args is ["configuration"])
    {
        Console.Write(ConfigurationPage.Render());
        return 0;
    }

    if (args is ["texts"])
    {
        Console.Write(TextsPage.Render());
        return 0;
    }

    if (args is ["compatibility"])
    {
        Console.Write(CompatibilityPage.Render(Product.Routes()));
        return 0;
    }

    var settings = Settings.From(Environment.GetEnvironmentVariable);
    if (args is ["doctor", ..]) return await DoctorCommand.RunAsync(args[1..], settings, Environment.GetEnvironmentVariable("WAHA_API_KEY_PLAIN"), Console.Out, CancellationToken.None);
    if (settings.Roles == Roles.Worker)
    {
        await using var worker = await WorkerProcess.StartAsync(settings, TimeProvider.System, CancellationToken.None);
        Console.WriteLine("Footbridge runs jobs");
        await worker.WaitForShutdownAsync(CancellationToken.None);
        return 0;
    }

    await using var product = await Product.StartAsync(settings, TimeProvider.System, CancellationToken.None);
    var (apiKey, password) = product.Secrets.Generated;
    if (apiKey is not null) Console.WriteLine($"API key (printed once, kept as a digest in the data folder): {apiKey}");
    if (password is not null) Console.WriteLine($"Password of the job pages, user {settings.DashboardUser} (printed once): {password}");
    Console.WriteLine($"Footbridge listens on {product.Url}");
    await product.WaitForShutdownAsync(CancellationToken.None);
    return 0;
}
catch (Exception e) when (e is SettingException or DatabaseInUseException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
