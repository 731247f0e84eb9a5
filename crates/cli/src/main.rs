//! `wow`: generate, import, debug, export, run, verify and serve event logs in DuckDB, and report on them.

mod args;
mod artifacts;
mod at_hand;
mod commands;
mod consent;
mod data_tests;
mod database;
mod export;
mod failure;
mod holder;
mod import;
mod inspect;
mod interrupt;
mod notices;
mod output;
mod parallel;
mod parts_folder;
mod project;
mod publish;
mod query;
mod reference;
mod run;
mod seed;
mod serve;
mod settings;
mod snapshot;
mod source;
mod storage;
mod target;
mod verify;
mod view;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Asked, Cli, Command, TargetArgs};
use crate::commands::{Context, Outcome};
use crate::failure::{CANCELLED_STATUS, Failure};
use crate::output::Output;
use crate::settings::Settings;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = interrupt::install().and_then(|()| run(cli));
    match result {
        Ok(outcome) => ExitCode::from(outcome.status()),
        Err(error) if interrupt::requested() => {
            let what = match error.downcast_ref() {
                Some(Failure::Partly(sentence)) => sentence,
                _ => "what was there before is unchanged",
            };
            output::print_error(&format!("cancelled; {what}"), &[]);
            ExitCode::from(CANCELLED_STATUS)
        }
        Err(error) => {
            let causes: Vec<String> = error.chain().skip(1).map(failure::told).collect();
            output::print_error(&error.to_string(), &causes);
            ExitCode::from(Failure::status_of(&error))
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<Outcome> {
    let Cli { mut target, json, quiet, asked } = cli;
    match asked {
        Asked::Completions(args) => Ok(commands::completions::run(&args)),
        Asked::Man(args) => commands::man::run(Output::new(json, quiet), &args),
        Asked::Work(mut command) => {
            let output = match &mut *command {
                Command::Dbt(args) => {
                    args.take_ours(&mut target.target)?;
                    // The answer is dbt's.
                    Output::new(json, quiet).for_text()
                }
                _ => Output::new(json, quiet),
            };
            work(&command, &target, output)
        }
    }
}

fn work(command: &Command, args: &TargetArgs, output: Output) -> anyhow::Result<Outcome> {
    let settings = Settings::resolve(args)?;
    let target = settings.target();
    let (output, names_database) = match command {
        Command::Daily(command) => (command.output(output), command.names_database()),
        // A server opens no database, and says of each export which one it comes from. What is cleaned belongs to none.
        Command::Serve(_) | Command::Clean(_) => (output, false),
        Command::Export(args) if !args.from.is_empty() => (output, false),
        // The answer is the address.
        Command::Share(_) => (output.for_text(), false),
        _ => (output, true),
    };
    if names_database {
        output.badge(target.environment, &target.badge());
    }
    let is_database_named = args.database.is_some();
    let context = Context { target, settings, output };
    match command {
        Command::Generate(args) => commands::generate::run(&context, args),
        Command::Import(args) => commands::import::run(&context, args),
        Command::Debug => commands::debug::run(&context),
        Command::Export(args) => commands::export::run(&context, args),
        Command::Run(args) => commands::run::run(&context, args),
        Command::Verify(args) => commands::verify::run(&context, args),
        Command::Daily(command) => command.run(&context),
        Command::Report(args) => commands::report::run(&context, args, is_database_named),
        Command::Serve(_) if is_database_named => Err(Failure::usage(
            "`wow serve` shows exports, not databases; make one with `wow export --database FILE`, and leave --database out here",
        )),
        Command::Serve(args) => commands::serve::run(&context, args),
        Command::Share(args) => commands::share::run(&context, args),
        Command::Config(args) => commands::config::run(&context, args),
        Command::Clean(args) => commands::clean::run(&context, args),
        Command::RefreshDev(args) => commands::refresh_dev::run(&context, args),
        Command::Dbt(args) => commands::dbt::run(&context, args),
    }
}
