import { Module } from '@nestjs/common'
import { OperationsModule } from 'rx-longrunning/nestjs'
import { OperationsController } from './operations.controller'

@Module({ imports: [OperationsModule.forRoot()], controllers: [OperationsController] })
export class AppModule {}
