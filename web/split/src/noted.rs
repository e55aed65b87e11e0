//! A module that says which of its functions run.

use std::convert::Infallible;

use wasm_encoder::reencode::{self, Reencode, utils};
use wasm_encoder::{CodeSection, EntityType, ImportSection, TypeSection, ValType};
use wasmparser::{FunctionBody, ImportSectionReader, Parser, TypeSectionReader};

use crate::module::{Fault, Module, count};

/// The module, where each function first calls the import `split.ran` with its number: a place among those that are
/// not imported.
///
/// # Errors
/// When it can't be read.
pub fn noted(module: &Module<'_>) -> Result<Vec<u8>, Fault> {
    let mut noted = wasm_encoder::Module::new();
    let mut noting = Noting { module, next: 0 };
    noting.parse_core_module(&mut noted, Parser::new(0), module.bytes)?;
    Ok(noted.finish())
}

struct Noting<'m> {
    module: &'m Module<'m>,
    /// The number of the next body.
    next: i32,
}

impl Reencode for Noting<'_> {
    type Error = Infallible;

    /// The new import is the last of them.
    fn function_index(&mut self, function: u32) -> Result<u32, reencode::Error> {
        Ok(function + u32::from(function >= self.module.imported()))
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: TypeSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), reencode::Error> {
        utils::parse_import_section(self, imports, section)?;
        imports.import("split", "ran", EntityType::Function(count(self.module.types.len())));
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), reencode::Error> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        function.instructions().i32_const(self.next).call(self.module.imported());
        self.next += 1;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            function.instruction(&self.parse_instruction(&mut operators)?);
        }
        code.function(&function);
        Ok(())
    }
}
